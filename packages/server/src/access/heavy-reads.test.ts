import { expect, it } from 'vitest';
import { HeavyReads } from './heavy-reads.ts';

/** Reads that end, and rests that are over, when the test says so. */
function stage() {
  const rests: (() => void)[] = [];
  const reads = new HeavyReads(() => new Promise<void>((resolve) => rests.push(resolve)));
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const enter = (name: string, actor: string, workspace = 'w') =>
    reads.enter({ workspace, actor }, () => {
      began.push(name);
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
    });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await settle();
    rests.shift()?.();
    await settle();
  };
  return { enter, began, ends, rests, settle, end };
}

it('one runs at a time in a workspace, and the next begins after a rest; another workspace does not wait', async () => {
  const { enter, began, ends, rests, settle } = stage();
  const first = enter('1', 'a');
  enter('2', 'a');
  enter('other', 'a', 'v');
  await settle();
  expect(began).toEqual(['1', 'other']);
  ends.get('1')?.();
  expect(await first?.result).toBe('1');
  await settle();
  expect(began).toEqual(['1', 'other']);
  rests.shift()?.();
  await settle();
  expect(began).toEqual(['1', 'other', '2']);
});

it('readers of a workspace go by turn, however many reads one of them sends', async () => {
  const { enter, began, end, settle } = stage();
  for (const name of ['a1', 'a2', 'a3']) enter(name, 'a');
  for (const name of ['b1', 'b2']) enter(name, 'b');
  await settle();
  for (const name of ['a1', 'b1', 'a2', 'b2', 'a3']) await end(name);
  expect(began).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
});

it('a reader with 32 reads waiting is refused; others are not', async () => {
  const { enter } = stage();
  const entered = Array.from({ length: 34 }, (_, n) => enter(`a${n}`, 'a'));
  expect(entered.filter((one) => one === null)).toHaveLength(1);
  expect(enter('b', 'b')).not.toBeNull();
});

it('who leaves before the turn is never read for; who leaves meanwhile holds it to the end of the read', async () => {
  const { enter, began, end, settle } = stage();
  const [first, second] = [enter('1', 'a'), enter('2', 'b'), enter('3', 'c')];
  await settle();
  second?.drop();
  first?.drop();
  expect(await second?.result).toBeNull();
  await settle();
  expect(began).toEqual(['1']);
  await end('1');
  expect(began).toEqual(['1', '3']);
});

it('a read that fails passes its turn on', async () => {
  const { enter, began, rests, settle } = stage();
  const reads = new HeavyReads(() => new Promise<void>((resolve) => rests.push(resolve)));
  const failed = reads.enter({ workspace: 'w', actor: 'a' }, () => Promise.reject(new Error('away')));
  await expect(failed?.result).rejects.toThrow('away');
  rests.shift()?.();
  const next = reads.enter({ workspace: 'w', actor: 'a' }, async () => 'read');
  expect(await next?.result).toBe('read');
  expect([enter('x', 'a') !== null, began.length]).toEqual([true, 0]);
  await settle();
});
