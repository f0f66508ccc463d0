import type { Call, CallEventInput, Contact } from '@ringside/protocol';
import { defaultSettings } from '@ringside/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { auditBy, eventReceipt, WORKSPACE } from '../../testing/engine.ts';
import { nthEnd } from '../../testing/many-calls.ts';
import { decodeCursor } from '../page-cursor.ts';
import type { CallFilter, CallListQuery } from '../reads.ts';
import type { Store } from '../store.ts';
import { Places, type StoreKind } from './place.ts';
import { reportOf, timeless } from './writes.ts';

const none: CallFilter = {
  ...{ outcomes: null, leads: null, code: null, digits: null, endedFrom: null, endedBefore: null },
  ...{ minTalk: null, maxTalk: null, answeredBy: null, state: null },
};
const START = Date.UTC(2025, 7, 7, 14);

const event = (callId: string, type: 'initiated' | 'ended', second: number): CallEventInput => ({
  ...(type === 'ended' ? { type, status: 'busy' } : { type }),
  campaignId: 'c',
  callId,
  at: new Date(START + second * 1000).toISOString(),
});

async function page(store: Store, campaign: string, query: Partial<CallListQuery>) {
  const whole = { filter: none, sort: 'endTime', order: 'desc', limit: 50, cursor: null, mask: 'full' } as const;
  const found = await store.calls(WORKSPACE, campaign, { ...whole, ...query });
  if (found.outcome !== 'page') throw new Error(found.outcome);
  return found;
}

async function everything(store: Store, campaign: string, query: Partial<CallListQuery>): Promise<Call[]> {
  const items: Call[] = [];
  let cursor: string | null = null;
  do {
    const next = await page(store, campaign, { ...query, cursor });
    items.push(...next.items);
    cursor = next.nextCursor;
  } while (cursor !== null);
  return items;
}

async function storeMany(store: Store, campaign: string, calls: number): Promise<void> {
  for (let from = 0; from < calls; from += 1_000) {
    const size = Math.min(1_000, calls - from);
    await store.apply(Array.from({ length: size }, (_, i) => eventReceipt(nthEnd(campaign, from + i))));
  }
}

async function textOf(file: AsyncIterable<Uint8Array> | null): Promise<string> {
  if (!file) throw new Error('no file');
  const pieces: Uint8Array[] = [];
  for await (const piece of file) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** What every store owes those who read. */
export function listsContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('lists', () => {
    it('find the few calls of many that a filter lets through, in any order', async () => {
      const store = await places.store();
      await storeMany(store, 'many', 6_000);
      const all = Array.from({ length: 6_000 }, (_, n) => nthEnd('many', n));
      const wanted = all.filter(({ to }) => to?.includes('077')).map(({ callId }) => callId);
      expect(wanted.length).toBeGreaterThan(10);
      const filter = { ...none, digits: '077' };
      for (const sort of ['endTime', 'startTime', 'duration'] as const) {
        for (const order of ['asc', 'desc'] as const) {
          const found = await everything(store, 'many', { filter, sort, order, limit: 7 });
          expect(found.map(({ callUUID }) => callUUID).sort()).toEqual([...wanted].sort());
        }
      }
      const found = await everything(store, 'many', { filter, limit: 7 });
      expect(found.map(({ callUUID }) => callUUID).reverse()).toEqual(wanted);
      const longest = await page(store, 'many', { sort: 'duration', limit: 20 });
      expect(longest.items.every(({ duration }) => duration === 399 || duration === 396)).toBe(true);
      const busy = { ...none, outcomes: ['busy'], code: 3010, answeredBy: 'none', state: 'ended' } as const;
      expect(await everything(store, 'many', { filter: busy, limit: 500 })).toHaveLength(1_500);
      const range = { ...none, endedFrom: Date.parse(all[100]?.at ?? ''), endedBefore: Date.parse(all[200]?.at ?? '') };
      expect(await everything(store, 'many', { filter: range })).toHaveLength(100);
      const talked = { ...none, minTalk: 100, maxTalk: 103, leads: ['unscored', 'hot', 'warm', 'cold'] } as const;
      const talks = (await everything(store, 'many', { filter: talked })).map(({ duration }) => duration);
      expect(talks.length).toBeGreaterThan(10);
      expect(talks.every((seconds) => seconds !== null && seconds >= 100 && seconds <= 103)).toBe(true);
    });

    it.each(['desc', 'asc'] as const)('never miss a live call that ends while it is listed (%s)', async (order) => {
      const store = await places.store();
      await store.apply(Array.from({ length: 30 }, (_, n) => eventReceipt(event(`live-${n}`, 'initiated', n))));
      await store.apply(Array.from({ length: 30 }, (_, n) => eventReceipt(event(`over-${n}`, 'ended', n))));
      const seen: string[] = [];
      let cursor: string | null = null;
      let at = 100;
      do {
        const next = await page(store, 'c', { order, limit: 4, cursor });
        seen.push(...next.items.map(({ callUUID }) => callUUID));
        cursor = next.nextCursor;
        for (const n of [at % 30, (at + 7) % 30]) await store.apply([eventReceipt(event(`live-${n}`, 'ended', at++))]);
      } while (cursor !== null && seen.length < 1_000);
      const names = Array.from({ length: 30 }, (_, n) => [`live-${n}`, `over-${n}`]).flat();
      expect(new Set(seen)).toEqual(new Set(names));
      expect(seen.filter((name) => name.startsWith('over-'))).toHaveLength(30);
    });

    it.each(['desc', 'asc'] as const)('have calls of one and the same end once each (%s)', async (order) => {
      const store = await places.store();
      const names = Array.from({ length: 30 }, (_, n) => `same-${n}`);
      await store.apply(names.map((name) => eventReceipt(event(name, 'ended', 1))));
      const found = await everything(store, 'c', { order, limit: 4 });
      expect(found.map(({ callUUID }) => callUUID)).toEqual(order === 'asc' ? names : names.reverse());
    });

    it('refuse a cursor that was made for another query, and know no unknown campaign', async () => {
      const store = await places.store();
      await store.apply(['a', 'b'].map((name) => eventReceipt(event(name, 'ended', 1))));
      const { nextCursor: cursor } = await page(store, 'c', { limit: 1 });
      await expect(page(store, 'c', { limit: 1, cursor, order: 'asc' })).rejects.toThrow('bad-cursor');
      await expect(page(store, 'nobody', {})).rejects.toThrow('no-campaign');
      expect(await store.call(WORKSPACE, 'c', 'nobody', 'full')).toEqual({ outcome: 'no-call' });
      expect(await store.exportCalls(WORKSPACE, 'nobody', { filter: none, format: 'csv', mask: 'full' })).toBeNull();
    });

    it('of contacts go by key, with their leads, and exports have every one', async () => {
      const store = await places.store();
      const registered = {
        id: 'many',
        name: 'n',
        dialer: 'external',
        retry: { maxAttempts: 2, delaySeconds: 60 },
      } as const;
      await store.register(WORKSPACE, registered, 'key', START, auditBy('key', START));
      await storeMany(store, 'many', 1_300);
      const now = Date.parse(nthEnd('many', 1_300).at) + 1_000;
      const items: Contact[] = [];
      let cursor: string | null = null;
      do {
        const filter = { states: null, leads: null };
        const found = await store.contacts(WORKSPACE, 'many', { filter, limit: 400, cursor, mask: 'full' }, now);
        if (found.outcome !== 'page') throw new Error(found.outcome);
        items.push(...found.items);
        cursor = found.nextCursor;
      } while (cursor !== null);
      expect(items).toHaveLength(1_300);
      expect(items.map(({ number }) => number)).toEqual(items.map(({ number }) => number).sort());
      const ledger = (await store.report(WORKSPACE, 'many', 0, now))?.report.progress.ledger;
      for (const state of ['reached', 'waitingRetry', 'unreached'] as const) {
        expect(items.filter((contact) => contact.state === state)).toHaveLength(ledger?.[state] ?? -1);
      }
      const hot = { states: null, leads: ['hot'] } as const;
      const file = await store.exportContacts(WORKSPACE, 'many', { filter: hot, format: 'ndjson', mask: 'full' }, now);
      const lines = (await textOf(file)).split('\n').filter(Boolean);
      expect(lines.map((line) => JSON.parse(line))).toEqual(items.filter(({ leadStatus }) => leadStatus === 'hot'));
      expect(lines.length).toBeGreaterThan(0);
    });

    it('are exported whole, wherever in the campaign the calls lie', async () => {
      const store = await places.store();
      const busy = Array.from({ length: 1_200 }, (_, n) => event(`busy-${n}`, 'ended', n));
      const live = Array.from({ length: 600 }, (_, n) => event(`live-${n}`, 'initiated', n));
      await store.apply([...busy, ...live].map((one) => eventReceipt(one)));
      const query = { filter: { ...none, outcomes: ['busy'] }, format: 'ndjson', mask: 'full' } as const;
      const lines = (await textOf(await store.exportCalls(WORKSPACE, 'c', query))).split('\n').filter(Boolean);
      const names = lines.map((line) => (JSON.parse(line) as Call).callUUID);
      expect(names).toEqual(busy.map(({ callId }) => callId).reverse());
      expect(
        (await textOf(await store.exportCalls(WORKSPACE, 'c', { ...query, format: 'csv' }))).split('\r\n'),
      ).toHaveLength(1_202);
    });

    it('of campaigns have the newest first, with summaries that reports agree with', async () => {
      const store = await places.store();
      for (let n = 0; n < 7; n++) {
        await store.apply(
          Array.from({ length: n + 1 }, (_, i) => eventReceipt({ ...event(`${i}`, 'ended', n), campaignId: `c-${n}` })),
        );
      }
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const found: Awaited<ReturnType<Store['campaigns']>> = await store.campaigns(
          WORKSPACE,
          { limit: 3, after: cursor === null ? null : decodeCursor(cursor) },
          START + 60_000,
        );
        ids.push(...found.items.map(({ id }) => id));
        cursor = found.nextCursor;
      } while (cursor !== null);
      expect(ids).toEqual(['c-6', 'c-5', 'c-4', 'c-3', 'c-2', 'c-1', 'c-0']);
      const some = await store.summaries(WORKSPACE, { ids: ['c-2', 'nobody', 'c-5'] }, START + 60_000);
      expect(some.map(({ id, ended }) => [id, ended])).toEqual([
        ['c-2', 3],
        ['c-5', 6],
      ]);
      expect((await store.summaries(WORKSPACE, { newest: 2 }, START)).map(({ id }) => id)).toEqual(['c-6', 'c-5']);
    });

    it('of the past agree with what was shown then, forecast included', async () => {
      const store = await places.store();
      await storeMany(store, 'many', 900);
      const now = Math.ceil(Date.parse(nthEnd('many', 900).at) / 5_000) * 5_000;
      const shown = (await store.report(WORKSPACE, 'many', 10, now))?.report;
      const pastReport = async (at: number, recent: number) => {
        const past = await store.reportAsOf(WORKSPACE, 'many', at, recent);
        if (past && !('progress' in past)) throw new Error('nothing was deleted, and the campaign is small');
        return past;
      };
      const past = await pastReport(now, 10);
      expect(timeless(past ?? undefined)).toEqual(timeless(shown));
      expect(past?.forecast).toEqual(shown?.forecast);
      expect((await pastReport(Date.parse(nthEnd('many', 99).at), 0))?.progress.attempts).toBe(100);
      expect(await pastReport(0, 0)).toBeNull();
    });

    it('preview what other lead rules would make of the newest calls', async () => {
      const store = await places.store();
      await storeMany(store, 'many', 40);
      const rules = { ...defaultSettings.leadRules, hotFrom: 0, warmFrom: 0 };
      const preview = await store.previewLeadRules(WORKSPACE, rules, null, 'full');
      expect(preview.calls).toBeGreaterThan(0);
      expect(preview.after).toEqual({ hot: preview.calls, warm: 0, cold: 0 });
      expect(preview.before).not.toEqual(preview.after);
      expect((await reportOf(store, 'many'))?.leads.hot).toBe(preview.before.hot);
    });
  });
}
