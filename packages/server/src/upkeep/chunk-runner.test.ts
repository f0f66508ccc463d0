import { expect, it } from 'vitest';
import type { Touched } from '../ingest/receipt.ts';
import { ChunkRunner } from './chunk-runner.ts';
import { soleOwner } from './lease.ts';

const touched: Touched[] = [{ workspace: 'w', campaignId: 'c', version: 1 }];
const last = { touched: [], more: false };

function runner(step: () => Promise<{ touched: readonly Touched[]; more: boolean }>) {
  const published: unknown[] = [];
  const errors: string[] = [];
  const log = { error: (_facts: object, text: string) => errors.push(text) } as never;
  const effects = { owner: soleOwner, now: () => 0, publish: (applied: unknown) => published.push(applied), log };
  return { work: new ChunkRunner({ what: 'sweeping', step, everyMs: 3_600_000 }, effects), published, errors };
}

it('goes on while there is more, and tells of each chunk that changed something', async () => {
  const steps = [{ touched, more: true }, { touched: [], more: true }, last];
  const { work, published } = runner(async () => steps.shift() ?? last);
  await work.run();
  expect([steps.length, published]).toEqual([0, [{ results: [], touched }]]);
});

it('does what it is asked for during its last chunk', async () => {
  let steps = 0;
  const { work } = runner(async () => {
    steps += 1;
    if (steps === 1) void work.run();
    return last;
  });
  await work.run();
  expect(steps).toBe(2);
});

it('says when it cannot go on, and begins again when it is asked', async () => {
  let steps = 0;
  const { work, errors } = runner(async () => {
    steps += 1;
    if (steps === 1) throw new Error('disk full');
    return last;
  });
  await work.run();
  expect(work.read()).toEqual({ chunks: 0, failures: 1, isRunning: false });
  expect(errors).toEqual(['sweeping stopped; it is tried again later']);
  const running = work.run();
  expect(work.read().isRunning).toBe(true);
  await running;
  expect(work.read()).toEqual({ chunks: 1, failures: 1, isRunning: false });
  expect(steps).toBe(2);
});

it('stops after the chunk at hand', async () => {
  let steps = 0;
  const { work } = runner(async () => {
    steps += 1;
    return { touched: [], more: true };
  });
  work.start();
  await work.stop();
  expect(steps).toBe(1);
});
