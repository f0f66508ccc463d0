import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realEffects } from '../../effects.ts';
import { openPostgresStore } from '../../store/postgres/open.ts';
import { type Store, StoreFault } from '../../store/store.ts';
import { eventReceipt, TEST_SECRET_KEY, WORKSPACE } from '../../testing/engine.ts';
import { nthEnd } from '../../testing/many-calls.ts';
import { startPostgres, type TestPostgres } from '../../testing/postgres.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import type { Applied, Receipt } from '../receipt.ts';
import type { SpoolEntry } from './entry.ts';
import { Spool, SpoolFull } from './spool.ts';
import { SpooledStore, type SpooledStoreParts } from './spooled-store.ts';

let folder: ReturnType<typeof temporaryFolder>;
let toStop: (() => Promise<unknown>)[];
beforeEach(() => {
  folder = temporaryFolder();
  toStop = [];
});
afterEach(async () => {
  for (const stop of toStop.reverse()) await stop();
  folder.remove();
});

const openSpool = (capBytes = 10_000_000, segmentBytes = 2_000) =>
  Spool.open({ folder: folder.path, capBytes, segmentBytes, deadLetterBytes: 10_000 });
const receipts = (from: number, count: number): Receipt[] =>
  Array.from({ length: count }, (_, n) => eventReceipt(nthEnd('c', from + n)));
const accepted = (batch: readonly Receipt[]): Applied => ({
  results: batch.map(() => ({ result: 'accepted' })),
  touched: [],
});
const deadLetters = () =>
  readFileSync(join(folder.path, 'dead-letters.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

async function drained(spool: Spool, most = 7): Promise<SpoolEntry[]> {
  const all: SpoolEntry[] = [];
  for (let batch = await spool.next(most); batch; batch = await spool.next(most)) {
    all.push(...batch.entries);
    await batch.done();
  }
  return all;
}

describe('the spool', () => {
  it('gives back in order what it took, also to the next process, and leaves nothing behind', async () => {
    const spool = await openSpool();
    await Promise.all([spool.append(receipts(0, 5)), spool.append(receipts(5, 20)), spool.append(receipts(25, 1))]);
    await spool.append(receipts(26, 4));
    // Another process, after this one was killed.
    const next = await openSpool();
    expect(next.bytes).toBe(spool.bytes);
    await next.append(receipts(30, 3));
    expect(await drained(next)).toEqual(receipts(0, 33));
    expect(next.isEmpty).toBe(true);
    expect(readdirSync(folder.path)).toEqual([]);
    await next.close();
    await spool.close();
  });

  it('gives again what was not done', async () => {
    const spool = await openSpool();
    await spool.append(receipts(0, 3));
    expect((await spool.next(2))?.entries).toEqual(receipts(0, 2));
    expect((await spool.next(2))?.entries).toEqual(receipts(0, 2));
    await spool.close();
  });

  it('takes no more than it may hold, and goes on once it is drained', async () => {
    const spool = await openSpool(5_000);
    await spool.append(receipts(0, 5));
    await expect(spool.append(receipts(5, 20))).rejects.toThrow(SpoolFull);
    expect(await drained(spool)).toHaveLength(5);
    await spool.append(receipts(5, 5));
    await spool.close();
  });

  it('buries a line that a crash tore, and goes on behind it', async () => {
    const before = await openSpool();
    await before.append(receipts(0, 2));
    await before.close();
    appendFileSync(join(folder.path, readdirSync(folder.path)[0] ?? ''), '{"kind":"deliv');
    const spool = await openSpool();
    await spool.append(receipts(2, 2));
    expect(await drained(spool)).toEqual(receipts(0, 4));
    expect(deadLetters()).toMatchObject([{ why: 'unreadable', what: '{"kind":"deliv' }]);
    await spool.close();
  });
});

/** A store that is there when the test says so. */
function fickleStore() {
  const state = { isThere: false, taken: [] as Receipt[] };
  const apply = async (batch: readonly Receipt[]): Promise<Applied> => {
    if (!state.isThere) throw new StoreFault('away');
    state.taken.push(...batch);
    return accepted(batch);
  };
  return { state, store: { apply } };
}

function partsOf(store: Pick<Store, 'apply'>, spool: Spool): SpooledStoreParts {
  const log = pino({ level: 'silent' });
  const verify = () => ({ refused: 'nobody asked' });
  return { store, spool, verify, isStoreThere: () => true, effects: realEffects, log, onApplied: () => {} };
}

async function spooledStore(store: Pick<Store, 'apply'>, spool: Spool) {
  const spooled = new SpooledStore(partsOf(store, spool));
  spooled.run();
  toStop.push(() => spooled.stop());
  return spooled;
}

describe('a store with a spool', () => {
  it('acknowledges while the store is away, and hands all of it over once it is back', async () => {
    const { state, store } = fickleStore();
    const spool = await openSpool();
    const spooled = await spooledStore(store, spool);
    for (let from = 0; from < 30; from += 10) {
      const { results } = await spooled.apply(receipts(from, 10));
      expect(results).toEqual(Array.from({ length: 10 }, () => ({ result: 'aside' })));
    }
    expect(state.taken).toEqual([]);
    state.isThere = true;
    await spooled.apply(receipts(30, 10));
    await expect.poll(() => spooled.records, { timeout: 15_000 }).toBe(0);
    expect(state.taken).toHaveLength(40);
    expect(new Set(state.taken)).toEqual(new Set(receipts(0, 40)));
    expect((await spooled.apply(receipts(40, 1))).results).toEqual([{ result: 'accepted' }]);
    expect(existsSync(join(folder.path, 'dead-letters.ndjson'))).toBe(false);
  });

  it('buries what the store refuses, and does not wait for it', async () => {
    const spool = await openSpool();
    await spool.append(receipts(0, 3));
    const store = {
      apply: async (batch: readonly Receipt[]): Promise<Applied> => ({
        results: batch.map((_, n) =>
          n === 1 ? { result: 'rejected', code: 'internal-error' } : { result: 'accepted' },
        ),
        touched: [],
      }),
    };
    const spooled = await spooledStore(store, spool);
    await expect.poll(() => spooled.records).toBe(0);
    expect(deadLetters()).toMatchObject([{ why: 'internal-error', what: receipts(1, 1)[0] }]);
  });

  it('serves a workspace of which nothing waits, whatever another has piled up', async () => {
    const { state, store } = fickleStore();
    const spool = await openSpool(10_000_000, 1_000_000);
    await spool.append(receipts(0, 600));
    const spooled = new SpooledStore({ ...partsOf(store, spool), isStoreThere: () => true });
    state.isThere = true;
    const other = { ...eventReceipt(nthEnd('c', 0)), workspace: 'other' };
    const [many] = receipts(1_000, 1);
    const { results } = await spooled.apply([other, many as Receipt, other]);
    expect(results.map(({ result }) => result)).toEqual(['accepted', 'aside', 'accepted']);
    expect(state.taken).toEqual([other, other]);
    spooled.run();
    toStop.push(() => spooled.stop());
    await expect.poll(() => spooled.records).toBe(0);
    expect(state.taken.slice(2)).toEqual([...receipts(0, 600), many]);
  });

  it('sets back what cannot be stored now, and goes on with the others', async () => {
    const spool = await openSpool();
    const inCampaign = (id: string, n: number) => eventReceipt(nthEnd(id, n));
    await spool.append([inCampaign('locked', 0), inCampaign('free', 1), inCampaign('locked', 2)]);
    const state = { isLocked: true, taken: [] as string[] };
    const store = {
      apply: async (batch: readonly Receipt[]): Promise<Applied> => {
        const ids = batch.map((receipt) => (receipt.kind === 'delivery' ? receipt.campaignId : ''));
        if (state.isLocked && ids.includes('locked')) throw new StoreFault('another writer has it');
        state.taken.push(...ids);
        return accepted(batch);
      },
    };
    const spooled = await spooledStore(store, spool);
    await expect.poll(() => state.taken).toEqual(['free']);
    // What comes for it goes by way of the disk at once, and costs nobody else the time of another try.
    const coming = [inCampaign('free', 3), inCampaign('locked', 4)];
    expect((await spooled.apply(coming)).results).toEqual([{ result: 'accepted' }, { result: 'aside' }]);
    expect(state.taken).toEqual(['free', 'free']);
    state.isLocked = false;
    await expect.poll(() => spooled.records, { timeout: 15_000 }).toBe(0);
    expect(state.taken).toEqual(['free', 'free', 'locked', 'locked', 'locked']);
    expect((await spooled.apply([inCampaign('locked', 5)])).results).toEqual([{ result: 'accepted' }]);
    expect(spooled.deadLetters).toBe(0);
  });

  it('goes on with the others also when it is full', async () => {
    const spool = await openSpool(3_000, 100_000);
    const inCampaign = (id: string, n: number) => eventReceipt(nthEnd(id, n));
    await spool.append([inCampaign('locked', 0), inCampaign('free', 1)]);
    for (let n = 2, isFull = false; !isFull; n += 1) {
      await spool.append([inCampaign('free', n)]).catch(() => {
        isFull = true;
      });
    }
    const before = spool.records;
    const state = { isLocked: true };
    const store = {
      apply: async (batch: readonly Receipt[]): Promise<Applied> => {
        const isOfLocked = batch.some((receipt) => receipt.kind === 'delivery' && receipt.campaignId === 'locked');
        if (state.isLocked && isOfLocked) throw new StoreFault('another writer has it');
        return accepted(batch);
      },
    };
    const spooled = await spooledStore(store, spool);
    await expect.poll(() => spooled.records).toBe(1);
    expect(before).toBeGreaterThan(1);
    state.isLocked = false;
    await expect.poll(() => spooled.records, { timeout: 15_000 }).toBe(0);
  });

  it('buries alone what breaks the program, not what was beside it', async () => {
    const spool = await openSpool();
    await spool.append(receipts(0, 7));
    const [poison] = receipts(3, 1);
    const taken: Receipt[] = [];
    const store = {
      apply: async (batch: readonly Receipt[]): Promise<Applied> => {
        if (batch.some((receipt) => JSON.stringify(receipt) === JSON.stringify(poison))) throw new TypeError('no such');
        taken.push(...batch);
        return accepted(batch);
      },
    };
    const spooled = await spooledStore(store, spool);
    await expect.poll(() => spooled.records).toBe(0);
    expect(taken).toEqual([...receipts(0, 3), ...receipts(4, 3)]);
    expect(deadLetters()).toMatchObject([{ why: 'cannot be applied: no such', what: poison }]);
  });

  it('refuses when the spool is full too', async () => {
    const { store } = fickleStore();
    const spooled = await spooledStore(store, await openSpool(2_000));
    await expect(spooled.apply(receipts(0, 20))).rejects.toThrow(StoreFault);
  });
});

describe('PostgreSQL with a spool', () => {
  let server: TestPostgres;
  beforeEach(async () => {
    server = await startPostgres();
    toStop.push(() => server.stop());
  });

  async function opened() {
    const store = await openPostgresStore({
      ...{ url: await server.database(), plivoTimeZone: 'UTC', unregisteredLimit: 10, secretKey: TEST_SECRET_KEY },
    });
    toStop.push(() => store.close());
    const spooled = await spooledStore(store, await openSpool());
    const attempts = async () => (await store.report(WORKSPACE, 'c', 0, Date.now()))?.report.progress.attempts;
    return { spooled, attempts };
  }

  it('loses nothing and counts nothing twice when it freezes', async () => {
    const { spooled, attempts } = await opened();
    await spooled.apply(receipts(0, 10));
    server.freeze();
    const began = Date.now();
    expect((await spooled.apply(receipts(10, 10))).results[0]).toEqual({ result: 'aside' });
    expect(Date.now() - began).toBeLessThan(2_000);
    for (let from = 20; from < 60; from += 10) await spooled.apply(receipts(from, 10));
    expect(Date.now() - began).toBeLessThan(2_500);
    server.thaw();
    await expect.poll(() => spooled.records, { timeout: 15_000 }).toBe(0);
    expect(await attempts()).toBe(60);
  });

  it('loses nothing and counts nothing twice when it is killed and comes back', async () => {
    const { spooled, attempts } = await opened();
    await spooled.apply(receipts(0, 10));
    await server.kill();
    for (let from = 10; from < 50; from += 10) {
      expect((await spooled.apply(receipts(from, 10))).results[0]).toEqual({ result: 'aside' });
    }
    await server.restart();
    await expect.poll(() => spooled.records, { timeout: 20_000 }).toBe(0);
    expect(await attempts()).toBe(50);
  });
});
