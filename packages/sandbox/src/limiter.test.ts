import { describe, expect, it } from 'vitest';
import { createLimiter } from './limiter.ts';

function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** Lets everything run that can run without being waited for. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a limiter', () => {
  it('runs so many at once, the others in order', async () => {
    const limiter = createLimiter(2);
    const gates = [gate(), gate(), gate(), gate()];
    const started: number[] = [];
    const tasks = gates.map(({ opened }, index) =>
      limiter.run(async () => {
        started.push(index);
        await opened;
      }),
    );
    await settled();
    expect(started).toEqual([0, 1]);
    gates[1]?.open();
    await settled();
    expect(started).toEqual([0, 1, 2]);
    for (const { open } of gates) open();
    await Promise.all(tasks);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('gives the place of a failed task to the next', async () => {
    const limiter = createLimiter(1);
    const failing = limiter.run(() => Promise.reject(new Error('no')));
    const next = limiter.run(async () => 'done');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('done');
  });

  it('says when there is room in the queue', async () => {
    const limiter = createLimiter(1);
    const first = gate();
    const tasks = [limiter.run(() => first.opened), limiter.run(async () => undefined)];
    let roomy = false;
    const room = limiter.room(1).then(() => {
      roomy = true;
    });
    await settled();
    expect(roomy).toBe(false);
    first.open();
    await Promise.all([...tasks, room]);
    expect(roomy).toBe(true);
  });
});
