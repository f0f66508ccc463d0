import type { Call, CallEventInput } from '@ringside/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventReceipt, openEngine, WORKSPACE } from '../../testing/engine.ts';
import { nthEnd, storeCalls } from '../../testing/many-calls.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import type { CallFilter, CallListQuery } from '../reads.ts';
import type { Engine } from './engine.ts';
import { Reader } from './reader.ts';

const none: CallFilter = {
  outcomes: null,
  leads: null,
  code: null,
  digits: null,
  endedFrom: null,
  endedBefore: null,
  minTalk: null,
  maxTalk: null,
  answeredBy: null,
  state: null,
};
const START = Date.UTC(2025, 7, 7, 14);

let folder: ReturnType<typeof temporaryFolder>;
let close: () => void;
beforeEach(() => {
  folder = temporaryFolder();
  close = () => {};
});
afterEach(() => {
  close();
  folder.remove();
});

function openBoth(): { engine: Engine; reader: Reader } {
  const engine = openEngine(folder.path);
  const reader = new Reader(folder.path);
  close = () => {
    reader.close();
    engine.close();
  };
  return { engine, reader };
}

async function page(reader: Reader, campaign: string, query: Partial<CallListQuery>) {
  const whole = { filter: none, sort: 'endTime', order: 'desc', limit: 50, cursor: null, mask: 'full' } as const;
  const found = await reader.calls(WORKSPACE, campaign, { ...whole, ...query });
  if (found.outcome !== 'page') throw new Error(found.outcome);
  return found;
}

async function everything(reader: Reader, campaign: string, query: Partial<CallListQuery>): Promise<Call[]> {
  const items: Call[] = [];
  let cursor: string | null = null;
  do {
    const next = await page(reader, campaign, { ...query, cursor });
    items.push(...next.items);
    cursor = next.nextCursor;
  } while (cursor !== null);
  return items;
}

const event = (callId: string, type: 'initiated' | 'ended', second: number): CallEventInput => ({
  ...(type === 'ended' ? { type, status: 'busy' } : { type }),
  campaignId: 'c',
  callId,
  at: new Date(START + second * 1000).toISOString(),
});

describe('the reading side', () => {
  it('finds the few calls of many that a filter lets through, in any order', async () => {
    const calls = 30_000;
    storeCalls(folder.path, WORKSPACE, 'many', calls);
    const { reader } = openBoth();
    const wanted = Array.from({ length: calls }, (_, n) => n).filter((n) => nthEnd('many', n).to?.includes('0777'));
    const names = wanted.map((n) => nthEnd('many', n).callId);
    const filter = { ...none, digits: '0777' };
    for (const sort of ['endTime', 'startTime'] as const) {
      const found = await everything(reader, 'many', { filter, sort, order: 'asc', limit: 7 });
      expect(new Set(found.map(({ callUUID }) => callUUID))).toEqual(new Set(names));
      expect(found).toHaveLength(names.length);
    }
    const found = await everything(reader, 'many', { filter, limit: 7 });
    expect(found.map(({ callUUID }) => callUUID).reverse()).toEqual(names);
    const longest = await page(reader, 'many', { sort: 'duration', limit: 100 });
    expect(longest.items.every(({ duration }) => duration === 399 || duration === 396)).toBe(true);
  });

  it('counts as unscored what the report does: ended, and nobody said', async () => {
    const { engine, reader } = openBoth();
    engine.apply([
      eventReceipt(event('live', 'initiated', 0)),
      eventReceipt(event('lost', 'initiated', 0)),
      eventReceipt(event('busy', 'ended', 1)),
    ]);
    const lost = eventReceipt(event('lost', 'ended', 9));
    if (lost.kind !== 'delivery' || lost.delivery.about !== 'call') throw new Error('a call');
    const end = { status: 'lost', code: null, cause: null, source: null, duration: null } as const;
    const events = lost.delivery.events.map((one) => (one.type === 'ended' ? { ...one, end } : one));
    engine.apply([{ ...lost, delivery: { ...lost.delivery, source: 'sweeper', events } }]);
    const { items } = await page(reader, 'c', { filter: { ...none, leads: ['unscored'] } });
    expect(items.map(({ callUUID, outcome }) => [callUUID, outcome])).toEqual([['lost', 'lost']]);
    expect(engine.report(WORKSPACE, 'c', 0, START + 60_000)?.report.leads.unscored).toBe(1);
  });

  it('serves others while it looks through many', async () => {
    storeCalls(folder.path, WORKSPACE, 'many', 50_000);
    const { reader } = openBoth();
    const order: string[] = [];
    const long = page(reader, 'many', { filter: { ...none, digits: '123123123' } }).then(() => order.push('long'));
    await new Promise((resolve) => setImmediate(resolve));
    const short = page(reader, 'many', {}).then(() => order.push('short'));
    await Promise.all([long, short]);
    expect(order).toEqual(['short', 'long']);
  });

  it('can write nothing', async () => {
    const { engine, reader } = openBoth();
    engine.apply([eventReceipt(event('a', 'ended', 1))]);
    expect((await page(reader, 'c', {})).items).toHaveLength(1);
    engine.apply([eventReceipt(event('b', 'ended', 2))]);
    expect((await page(reader, 'c', {})).items, 'what was committed is seen').toHaveLength(2);
    expect(reader.pragmas()).toEqual({ query_only: 1 });
  });
});

it('lets a list in between while a past report is made', async () => {
  storeCalls(folder.path, WORKSPACE, 'long', 3_000);
  const { reader } = openBoth();
  const past = reader.reportAsOf(WORKSPACE, 'long', Date.UTC(2025, 7, 8), 0);
  const list = page(reader, 'long', {});
  expect(await Promise.race([past.then(() => 'past report'), list.then(() => 'list')])).toBe('list');
  expect(await past).toMatchObject({ progress: { attempts: 3_000 } });
});
