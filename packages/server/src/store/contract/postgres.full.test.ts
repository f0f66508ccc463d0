/** The contract with more random campaigns of each law. */
process.env.LAW_RUNS ??= '60';
await import('./postgres.int.test.ts');

export {};
