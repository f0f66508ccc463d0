import { DatabaseSync } from '@photostructure/sqlite';
import { SAMPLE_CALLS, TICK_MS } from '@ringside/core';
import type { CallEventInput, Report } from '@ringside/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Receipt } from '../../ingest/receipt.ts';
import { auditBy, eventReceipt, openEngine, WORKSPACE } from '../../testing/engine.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import { reportAsOf } from '../past-report.ts';
import type { Engine } from './engine.ts';
import { SqliteReadSource } from './read-source.ts';

const START = Date.UTC(2025, 7, 7, 9);
const CONTACTS = 2_000;
const ID = 'c';

let folders: ReturnType<typeof temporaryFolder>[];
beforeEach(() => {
  folders = [temporaryFolder(), temporaryFolder()];
});
afterEach(() => {
  for (const folder of folders) folder.remove();
});

function opened(index: number): Engine {
  const engine = openEngine(folders[index]?.path ?? '');
  const retry = { maxAttempts: 2, delaySeconds: 600 };
  const campaign = { id: ID, name: 'n', dialer: 'external', totalCalls: CONTACTS, retry } as const;
  engine.register(WORKSPACE, campaign, 'test', START, auditBy('test', START));
  return engine;
}

/** One attempt: a second a start at first, and three seconds from call 700 on; every third reaches. */
function call(n: number, attempt: 1 | 2): Receipt[] {
  const reached = n % 3 === 0;
  const at = START + (n < 700 ? n : 3 * n - 1_400) * 1_000 + (attempt - 1) * 640_000;
  const about = { campaignId: ID, callId: `${n}-${attempt}`, contactId: `p${n}`, to: `+9198${76_500_000 + n}` };
  const time = (after: number): string => new Date(at + after * 1_000).toISOString();
  const end: CallEventInput = {
    ...about,
    type: 'ended',
    at: time(reached ? 20 + (n % 37) : 18),
    status: reached ? 'completed' : 'no-answer',
    duration: reached ? 10 : 0,
  };
  return [eventReceipt({ ...about, type: 'initiated', at: time(0) }), eventReceipt(end)];
}

/** Receipts in the order of what they tell. */
function dialed(contacts: number): Receipt[] {
  const attempts = Array.from({ length: contacts }, (_, n) =>
    (n % 3 === 0 ? [1] : [1, 2]).flatMap((k) => call(n, k as 1 | 2)),
  );
  return attempts.flat().sort((a, b) => a.receivedAt - b.receivedAt);
}

function forecastIn(report: Report | undefined | null) {
  return [report?.forecast, report?.progress.estimatedTimeRemaining, report?.timeline.estimatedEndTime];
}

function read(engine: Engine, now: number): Report | undefined {
  return engine.report(WORKSPACE, ID, 10, now)?.report;
}

it('is the same whoever looked before, in whatever order calls came, after a restart and as of that moment', async () => {
  const heard = dialed(1_100);
  const now = Math.ceil((heard.at(-1)?.receivedAt ?? 0) / TICK_MS) * TICK_MS;
  const [watched, unwatched] = [opened(0), opened(1)];
  // Late calls, ends before starts, attempts in the wrong order.
  for (let to = heard.length; to > 0; to -= 70) {
    watched.apply(heard.slice(Math.max(0, to - 70), to).reverse());
    read(watched, now - to);
  }
  unwatched.apply(heard);

  const said = forecastIn(read(watched, now));
  expect(said[0]).toMatchObject({ seconds: { p50: expect.any(Number) }, sample: SAMPLE_CALLS });
  expect(forecastIn(read(unwatched, now))).toEqual(said);
  watched.close();
  const restarted = openEngine(folders[0]?.path ?? '');
  expect(forecastIn(read(restarted, now))).toEqual(said);
  const db = new DatabaseSync(`${folders[0]?.path}/ringside.db`);
  const past = await reportAsOf(new SqliteReadSource(db), {
    workspace: WORKSPACE,
    campaignId: ID,
    at: now,
    recent: 10,
  });
  if (!past || !('progress' in past)) throw new Error('there is no past report');
  expect(forecastIn(past)).toEqual(said);
  db.close();
  restarted.close();
  unwatched.close();
});

it('knows the newest calls also when an end is put right to have been earlier', () => {
  const heard = dialed(900);
  const now = Math.ceil((heard.at(-1)?.receivedAt ?? 0) / TICK_MS) * TICK_MS;
  const engine = opened(0);
  engine.apply(heard);
  read(engine, now);
  // The record of the provider outranks the callbacks.
  const corrected = heard
    .filter(({ kind }) => kind === 'delivery')
    .slice(-40)
    .flatMap((receipt): Receipt[] => {
      if (receipt.kind !== 'delivery' || receipt.delivery.about !== 'call') return [];
      const events = receipt.delivery.events.map((event) => ({ ...event, at: event.at - 1_500_000 }));
      return [
        { ...receipt, delivery: { ...receipt.delivery, hash: `${receipt.delivery.hash}!`, source: 'cdr', events } },
      ];
    });
  engine.apply(corrected);
  const said = forecastIn(read(engine, now + TICK_MS));
  engine.close();
  const restarted = openEngine(folders[0]?.path ?? '');
  expect(forecastIn(read(restarted, now + TICK_MS))).toEqual(said);
  restarted.close();
});

it('is made once a tick while calls alone change, and at once when the campaign does', () => {
  const engine = opened(0);
  const heard = dialed(200);
  const tick = Math.floor((heard.at(-1)?.receivedAt ?? 0) / TICK_MS - 4) * TICK_MS;
  engine.apply(heard.filter(({ receivedAt }) => receivedAt <= tick));
  const first = read(engine, tick)?.forecast;
  engine.apply(heard.filter(({ receivedAt }) => receivedAt > tick && receivedAt < tick + TICK_MS));
  expect(read(engine, tick + TICK_MS - 1)?.progress.attempts).toBeGreaterThan(first?.sample ?? 0);
  expect(read(engine, tick + TICK_MS - 1)?.forecast).toEqual(first);
  const next = read(engine, tick + TICK_MS)?.forecast;
  expect(next?.sample).toBeGreaterThan(first?.sample ?? 0);
  const later = tick + TICK_MS + 1;
  engine.patch(WORKSPACE, ID, { totalCalls: 2 * CONTACTS }, 'test', later, auditBy('test', later));
  const { p50 = 0 } = read(engine, tick + TICK_MS + 2)?.forecast?.seconds ?? {};
  expect(p50).toBeGreaterThan(1.5 * (next?.seconds?.p50 ?? 0));
  engine.close();
});
