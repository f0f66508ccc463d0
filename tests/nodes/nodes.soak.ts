/** Three nodes at full size: NATS away for a minute, and four rounds of restarts. */
process.env.BUS_DOWN_SECONDS ??= '60';
process.env.ROUNDS ??= '4';
process.env.PER_SECOND ??= '200';
await import('./failures.full.test.ts');
await import('./rolling-restart.full.test.ts');

export {};
