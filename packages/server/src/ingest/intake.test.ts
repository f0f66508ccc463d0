import { describe, expect, it, vi } from 'vitest';
import { StoreFault } from '../store/store.ts';
import { Intake, Overloaded } from './intake.ts';
import type { Applied, Receipt } from './receipt.ts';

const receipt = (body = ''): Receipt => ({
  kind: 'plivo',
  workspace: 'w',
  receivedAt: 0,
  query: '',
  body,
  nonce: null,
  meaning: { kind: 'aside', why: 'no call id' },
});
const done = (receipts: readonly Receipt[]): Applied => ({
  results: receipts.map(() => ({ result: 'accepted' })),
  touched: [],
});

/** A store whose commits end when the test says so. */
function slowStore() {
  const batches: number[] = [];
  const ends: (() => void)[] = [];
  const apply = async (receipts: readonly Receipt[]): Promise<Applied> => {
    batches.push(receipts.length);
    await new Promise<void>((end) => ends.push(end));
    return done(receipts);
  };
  const endCommit = async (): Promise<void> => {
    await expect.poll(() => ends.length).toBeGreaterThan(0);
    ends.shift()?.();
  };
  return { store: { apply }, batches, endCommit };
}

/** One workspace may wait with 10 receipts. */
const LIMITS = { waiting: 12.5, bytes: 1_000_000, batch: 4 };
const nobody = (): void => {};

/** What receipts came to, without what did not happen. */
function countsOf({ counts }: Intake): Record<string, number> {
  const happened = counts.read().filter(({ count }) => count > 0);
  return Object.fromEntries(happened.map(({ outcome, count }) => [outcome, count]));
}

describe('intake', () => {
  it('fills the next batch while a commit runs, up to the size of a batch', async () => {
    const { store, batches, endCommit } = slowStore();
    const intake = new Intake(store, LIMITS, nobody);
    const first = intake.submit(receipt());
    await expect.poll(() => batches).toEqual([1]);
    const rest = Array.from({ length: 6 }, () => intake.submit(receipt()));
    await endCommit();
    await first;
    await endCommit();
    await endCommit();
    await Promise.all(rest);
    expect(batches).toEqual([1, 4, 2]);
  });

  it('gives a store that takes several batches at once so many, and the rest once one of them ends', async () => {
    const { store, batches, endCommit } = slowStore();
    const intake = new Intake(store, { ...LIMITS, inFlight: 2 }, nobody);
    const sent = [intake.submit(receipt())];
    await expect.poll(() => batches).toEqual([1]);
    sent.push(intake.submit(receipt()));
    await expect.poll(() => batches).toEqual([1, 1]);
    sent.push(...Array.from({ length: 3 }, () => intake.submit(receipt())));
    expect(intake.depth).toBe(3);
    await endCommit();
    await expect.poll(() => batches).toEqual([1, 1, 3]);
    for (let n = 0; n < 2; n++) await endCommit();
    await Promise.all(sent);
    await intake.finish();
  });

  it('refuses more than it may hold, by count and by size, and goes on afterwards', async () => {
    const { store, endCommit } = slowStore();
    const intake = new Intake(store, { ...LIMITS, bytes: 25_000 }, nobody);
    const held = intake.submit(receipt());
    await expect.poll(() => intake.depth).toBe(0);
    const large = intake.submit(receipt('x'.repeat(15_000)));
    expect([intake.depth, intake.bytes]).toEqual([1, 16_024]);
    await expect(intake.submit(receipt('x'.repeat(15_000)))).rejects.toBeInstanceOf(Overloaded);
    await endCommit();
    await endCommit();
    await Promise.all([held, large]);
    const again = Array.from({ length: 10 }, () => intake.submit(receipt()));
    await expect(intake.submit(receipt())).rejects.toBeInstanceOf(Overloaded);
    for (let i = 0; i < 3; i++) await endCommit();
    await Promise.all(again);
    expect(countsOf(intake)).toEqual({ accepted: 12, overloaded: 2 });
  });

  it('answers nobody before the commit, and tells of it first', async () => {
    const { store, endCommit } = slowStore();
    const order: string[] = [];
    const intake = new Intake(store, LIMITS, () => order.push('published'));
    const answered = intake.submit(receipt()).then(() => order.push('answered'));
    await endCommit();
    await answered;
    expect(order).toEqual(['published', 'answered']);
  });

  it('refuses a whole batch whose commit failed, and takes the next', async () => {
    let broken = true;
    const apply = async (receipts: readonly Receipt[]): Promise<Applied> => {
      if (broken) throw new Error('disk full');
      return done(receipts);
    };
    const intake = new Intake({ apply }, LIMITS, nobody);
    const refused = [intake.submit(receipt()), intake.submit(receipt())];
    for (const promise of refused) await expect(promise).rejects.toBeInstanceOf(StoreFault);
    broken = false;
    expect(await intake.submit(receipt())).toEqual({ result: 'accepted' });
    await intake.finish();
    expect(countsOf(intake)).toEqual({ accepted: 1, failed: 2 });
  });

  it('lets nobody wait for the quota of somebody else', async () => {
    const batches: string[][] = [];
    const apply = async (receipts: readonly Receipt[]): Promise<Applied> => {
      batches.push(receipts.map(({ workspace }) => workspace));
      return done(receipts);
    };
    const quotas = { perSecond: (workspace: string) => (workspace === 'w' ? 1 : null), clock: () => 0 };
    const intake = new Intake({ apply }, LIMITS, nobody, quotas);
    // While no timer fires, only being woken can help who is not over the quota.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const noisy = [intake.submit(receipt()), intake.submit(receipt())];
      await noisy[0];
      await new Promise<void>((next) => setImmediate(next));
      await intake.submit({ ...receipt(), workspace: 'quiet' });
      expect(batches).toEqual([['w'], ['quiet']]);
      vi.runAllTimers();
      await Promise.all([intake.finish(), ...noisy]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('finds out by itself that a store which refused takes again, asking it once however many ask', async () => {
    let isFull = false;
    let tries = 0;
    const apply = async (receipts: readonly Receipt[]): Promise<Applied> => {
      if (receipts.length === 0) tries += 1;
      if (isFull) throw new StoreFault('no room');
      return done(receipts);
    };
    const intake = new Intake({ apply }, LIMITS, nobody);
    expect(await intake.takes()).toBe(true);
    expect(tries).toBe(0);
    isFull = true;
    await expect(intake.submit(receipt())).rejects.toThrow(StoreFault);
    expect(await Promise.all([intake.takes(), intake.takes()])).toEqual([false, false]);
    expect(tries).toBe(1);
    isFull = false;
    expect(await intake.takes()).toBe(true);
    const all = tries;
    expect(await intake.takes()).toBe(true);
    expect(tries).toBe(all);
  });
});
