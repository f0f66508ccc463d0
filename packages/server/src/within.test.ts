import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { within } from './within.ts';

const aborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'));
  });

it('ends after its time, with the other signal, and at once with one that ended before', async () => {
  const stop = new AbortController();
  expect(await within(1, stop.signal, aborted)).toBe('aborted');
  const running = within(60_000, stop.signal, aborted);
  stop.abort();
  expect(await running).toBe('aborted');
  expect(await within(60_000, stop.signal, aborted)).toBe('aborted');
});

it('leaves nothing with a signal that lives on', async () => {
  const { signal } = new AbortController();
  for (let n = 0; n < 3; n += 1) await within(60_000, signal, async () => n);
  await expect(within(60_000, signal, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
