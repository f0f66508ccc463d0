/** Ten times `kill -9` during intake. */
process.env.KILLS ??= '10';
await import('./durability.int.test.ts');

export {};
