/** Fifty times `kill -9` during intake. */
process.env.KILLS ??= '50';
await import('../durability.int.test.ts');

export {};
