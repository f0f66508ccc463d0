import { type Form, hangupForm } from '@ringside/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../ingest/receipt.ts';
import { plivoReceipt } from '../../providers/plivo/plivo-receipt.ts';
import { callbackReceipt, WORKSPACE } from '../../testing/engine.ts';
import { Places, type StoreKind } from './place.ts';
import { reportOf } from './writes.ts';

const DAY = 24 * 3_600_000;
const T0 = Date.UTC(2025, 7, 7, 14);

/** A verified hangup. @param campaignId `null`: its URL names none */
function hangup(
  campaignId: string | null,
  uuid: string,
  nonce: { key: number; content: number } | null = null,
  at = T0,
): Receipt {
  const form: Form = hangupForm(
    {
      ...{ authId: 'MA', callUuid: uuid, requestUuid: uuid, from: '+918035735659', to: '+919876543210' },
      ...{ sessionStart: at - 70_000, billRate: '0.005' },
    },
    { startedAt: at - 70_000, answeredAt: at - 60_000, endedAt: at, code: 4000, zone: 'Asia/Kolkata' },
  );
  const query = campaignId === null ? '' : `campId=${encodeURIComponent(campaignId)}`;
  const body = new URLSearchParams(form as Record<string, string>).toString();
  return plivoReceipt({ workspace: WORKSPACE, receivedAt: at, query, body, nonce }, 'UTC');
}

/** What every store owes callbacks: a provider signed them, so none is lost. */
export function callbacksContract(kind: () => StoreKind): void {
  const places = new Places(kind);
  afterEach(() => places.clear());

  describe('callbacks', () => {
    it('wait for their call when they name no campaign, and belong to the one that names it', async () => {
      const store = await places.store();
      expect((await store.apply([hangup(null, 'early'), hangup(null, 'other')])).results).toEqual([
        { result: 'aside' },
        { result: 'aside' },
      ]);
      expect((await store.ping()).unassigned).toBe(2);
      const { touched } = await store.apply([hangup('c', 'early', null, T0 + 1_000), hangup('c', 'known')]);
      expect(touched.map(({ campaignId }) => campaignId)).toContain('c');
      expect((await store.ping()).unassigned).toBe(1);
      const found = await store.call(WORKSPACE, 'c', 'early', 'full');
      expect(found.outcome === 'call' && found.call.deliveries).toHaveLength(2);
      const late = await store.apply([
        hangup(null, 'known', null, T0 + 2_000),
        hangup(null, 'together'),
        hangup('c', 'together'),
      ]);
      expect(late.results[0]).toEqual({ result: 'accepted' });
      expect((await store.ping()).unassigned).toBe(1);
      expect((await reportOf(store, 'c'))?.progress.attempts).toBe(3);
    });

    it('find their call after a restart, when nobody has asked for its campaign since', async () => {
      const first = await places.store();
      await first.apply([hangup('c', 'known')]);
      const store = await places.reopened(first);
      expect((await store.apply([hangup(null, 'known', null, T0 + 1_000)])).results).toEqual([{ result: 'accepted' }]);
      expect((await store.ping()).unassigned).toBe(0);
    });

    it('are kept whatever bytes they hold, in a campaign and out of it', async () => {
      const store = await places.store();
      const odd = (query: string) =>
        callbackReceipt(T0, query, 'CallUUID=odd&Event=Ring&To=919876543210&X=a\0b\ud800c&CallerName=%00%ED%A0%80');
      expect((await store.apply([odd('campId=c'), hangup('c', 'even')])).results).toEqual([
        { result: 'accepted' },
        { result: 'accepted' },
      ]);
      expect((await store.apply([odd(''), callbackReceipt(T0, 'x=\0', 'CallUUID=nobody&Event=Ring')])).results).toEqual(
        [{ result: 'accepted' }, { result: 'aside' }],
      );
      const found = await store.call(WORKSPACE, 'c', 'odd', 'full');
      expect(found.outcome === 'call' && JSON.stringify(found.call.deliveries)).toContain('a\uFFFDb\uFFFDc');
      expect((await reportOf(store, 'c'))?.progress.attempts).toBe(2);
    });

    it('of a campaign that cannot be are put aside', async () => {
      const store = await places.store(1);
      const { results } = await store.apply([hangup('no campaign!', 'a'), hangup('__proto__', 'p')]);
      expect(results).toEqual([{ result: 'aside' }, { result: 'aside' }]);
      await store.apply([hangup('first', 'b')]);
      expect((await store.apply([hangup('second', 'c')])).results).toEqual([{ result: 'aside' }]);
      expect((await store.ping()).unassigned).toBe(3);
    });

    it('that cannot be applied are put aside with the reason, also when they had waited', async () => {
      const store = await places.store();
      const poison = hangup('c', 'poison') as Receipt & { kind: 'plivo' };
      const meaning = {
        ...poison.meaning,
        delivery: { ...(poison.meaning as { delivery: object }).delivery, events: [{}] },
      };
      const { results } = await store.apply([
        hangup('c', 'a'),
        { ...poison, meaning } as unknown as Receipt,
        hangup('c', 'b'),
      ]);
      expect(results).toEqual([{ result: 'accepted' }, { result: 'aside' }, { result: 'accepted' }]);
      expect((await store.ping()).unassigned).toBe(1);
    });

    it('are refused when something else was signed with their nonce, for two days at least', async () => {
      const store = await places.store();
      const nonce = { key: 4_503_599_627_370_000, content: 1 };
      const forged = { ...nonce, content: 2 };
      const result = async (receipt: Receipt) => (await store.apply([receipt])).results[0];
      expect(await result(hangup('c', 'a', nonce))).toEqual({ result: 'accepted' });
      expect(await result(hangup('c', 'a', nonce))).toEqual({ result: 'unchanged' });
      expect(await result(hangup('c', 'b', forged))).toEqual({ result: 'rejected', code: 'nonce-reused' });
      const both = { key: 77, content: 1 };
      const batch = await store.apply([hangup('c', 'x', both), hangup('c', 'y', { ...both, content: 9 })]);
      expect(batch.results).toEqual([{ result: 'accepted' }, { result: 'rejected', code: 'nonce-reused' }]);
      expect(await result(hangup('c', 'd', forged, T0 + 2 * DAY - 1))).toMatchObject({ result: 'rejected' });
      expect(await result(hangup('c', 'e', forged, T0 + 4 * DAY))).toEqual({ result: 'accepted' });
    });
  });
}
