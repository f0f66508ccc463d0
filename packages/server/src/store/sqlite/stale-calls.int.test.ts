import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { CallEventInput } from '@ringside/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditBy, eventReceipt, openEngine, WORKSPACE } from '../../testing/engine.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import type { StaleCall } from '../store.ts';
import type { Engine } from './engine.ts';
import { sqlText } from './sql.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2025, 7, 7, 14);

let folder: ReturnType<typeof temporaryFolder>;
let engine: Engine;
beforeEach(() => {
  folder = temporaryFolder();
  engine = openEngine(folder.path);
});
afterEach(() => {
  engine.close();
  folder.remove();
});

const say = (type: 'initiated' | 'machine' | 'lead' | 'ended', campaignId: string, callId: string, at: number) => {
  const event = {
    type,
    campaignId,
    callId,
    at: new Date(at).toISOString(),
    ...(type === 'ended' ? { status: 'busy' } : type === 'lead' ? { leadStatus: 'hot' } : {}),
  } as CallEventInput;
  engine.apply([eventReceipt(event)]);
};
const register = (id: string, maxCallSeconds: number) =>
  engine.register(WORKSPACE, { id, name: id, dialer: 'external', maxCallSeconds }, 'key', T0, auditBy('key', T0));

function all(before: number, limit = 100): StaleCall[] {
  const found: StaleCall[] = [];
  let after = null;
  do {
    const page = engine.staleCalls(before, after, limit);
    found.push(...page.calls);
    after = page.next;
  } while (after !== null);
  return found;
}
const rows = (calls: readonly StaleCall[]) => calls.map(({ row }) => row);

describe('stale calls', () => {
  it('are those without an end that are older than the longest call of their own campaign', () => {
    register('short', 60);
    register('long', 86_400);
    for (const campaign of ['short', 'long', 'unregistered']) say('initiated', campaign, `in-${campaign}`, T0);
    say('initiated', 'short', 'over', T0);
    say('ended', 'short', 'over', T0 + 1_000);
    say('lead', 'short', 'never placed', T0);
    expect(rows(all(T0 + 60_000))).toEqual([]);
    expect(rows(all(T0 + 60_001))).toEqual(['in-short']);
    expect(rows(all(T0 + 4 * HOUR))).toEqual(['in-short']);
    expect(rows(all(T0 + 4 * HOUR + 1))).toEqual(['in-short', 'in-unregistered']);
    expect(rows(all(T0 + 25 * HOUR))).toHaveLength(3);
    expect(all(T0 + 60_001)).toEqual([
      {
        workspace: WORKSPACE,
        campaignId: 'short',
        row: 'in-short',
        aliases: [{ kind: 'external', id: 'in-short' }],
        startedAt: T0,
        maxCallSeconds: 60,
      },
    ]);
  });

  it('stop being stale with their end, and are found by a verdict alone', () => {
    say('machine', 'c', 'judged', T0);
    expect(rows(all(T0 + 5 * HOUR))).toEqual(['judged']);
    say('ended', 'c', 'judged', T0 + 2_000);
    expect(all(T0 + 5 * HOUR)).toEqual([]);
  });

  it('come oldest first, each once, whatever the size of a page', () => {
    const ids = Array.from({ length: 25 }, (_, i) => `call-${i}`);
    for (const [i, id] of ids.entries()) say('initiated', i % 3 === 0 ? 'a' : 'b', id, T0 - Math.floor(i / 4) * 1_000);
    const whole = all(T0 + 5 * HOUR);
    expect(whole).toHaveLength(25);
    expect(whole.map((call) => call.startedAt)).toEqual(whole.map((call) => call.startedAt).sort((a, b) => a - b));
    for (const size of [1, 3, 7]) expect(rows(all(T0 + 5 * HOUR, size))).toEqual(rows(whole));
  });

  it('are looked for in the index of live calls alone', () => {
    const db = new DatabaseSync(join(folder.path, 'ringside.db'));
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sqlText('calls-live')}`).all(0, 0, T0) as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SEARCH calls USING INDEX calls_live \(<expr>>\? AND <expr><\?\)$/),
    ]);
    db.close();
  });
});
