/** The contract with more random campaigns of each law. */
process.env.LAW_RUNS ??= '100';
await import('./sqlite.int.test.ts');

export {};
