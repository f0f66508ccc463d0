/** The laws of the fold on 2,000 random campaigns each. */
process.env.LAW_RUNS ??= '2000';
await import('./laws.test.ts');
await import('./erase.test.ts');

export {};
