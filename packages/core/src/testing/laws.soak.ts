/** The laws of the fold on 15,000 random campaigns each. */
process.env.LAW_RUNS ??= '15000';
await import('../laws.test.ts');

export {};
