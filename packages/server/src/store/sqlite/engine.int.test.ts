import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { CampaignDelivery } from '@ringside/core';
import { deliveries, MemoryCampaign } from '@ringside/core/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../ingest/receipt.ts';
import { eventReceipt, openEngine, WORKSPACE } from '../../testing/engine.ts';
import { temporaryFolder } from '../../testing/running-server.ts';

const NOW = Date.UTC(2025, 7, 7, 14, 10);

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const ended = (campaignId: string, callId: string, minute = 0) =>
  eventReceipt({
    type: 'ended',
    campaignId,
    callId,
    at: new Date(Date.UTC(2025, 7, 7, 14, minute)).toISOString(),
    status: 'completed',
    duration: 60,
    to: '+919876543210',
  });

/** The n-th change of a campaign. */
function changed(campaignId: string, n: number): Receipt {
  const at = Date.UTC(2025, 7, 7, 14) + n * 1_000;
  const change = n % 2 === 0 ? 'resumed' : 'paused';
  const about = { about: 'campaign', type: 'change', source: 'api', change, reason: null, actor: null } as const;
  const delivery: CampaignDelivery = { ...about, hash: `change-${n}`, receivedAt: at, at };
  return { kind: 'delivery', workspace: WORKSPACE, receivedAt: at, campaignId, delivery };
}

/** The store as a crash would leave it: the files at this moment, opened by somebody else. */
function crashed(): string {
  const copy = join(folder.path, `copy-${Math.random()}`);
  mkdirSync(copy);
  for (const file of ['ringside.db', 'ringside.db-wal']) copyFileSync(join(folder.path, file), join(copy, file));
  return copy;
}

describe('the embedded store', () => {
  it('gives the same reports as the fold in memory, whatever the batches, also after a crash', () => {
    let campaigns = 0;
    const engine = openEngine(folder.path);
    const batched = fc.tuple(deliveries, fc.integer({ min: 1, max: 7 }));
    fc.assert(
      fc.property(batched, ([list, size]) => {
        const campaignId = `law-${campaigns++}`;
        const memory = new MemoryCampaign();
        const receipts: Receipt[] = list.map((delivery) => ({
          kind: 'delivery',
          workspace: WORKSPACE,
          receivedAt: delivery.receivedAt,
          campaignId,
          delivery,
        }));
        for (let at = 0; at < list.length; at += size) {
          memory.apply(list.slice(at, at + size));
          engine.apply(receipts.slice(at, at + size));
        }
        while (engine.rescoreStep(NOW).more);
        const stored = engine.report(WORKSPACE, campaignId, 100, NOW)?.report;
        expect(timeless(stored)).toEqual({
          ...memory.report(Date.parse(stored?.asOf ?? '')),
          campaignId,
          campaignName: nameOf(stored, campaignId),
        });
      }),
      { numRuns: 150 },
    );
    const reopened = openEngine(crashed());
    for (let i = 0; i < campaigns; i++) {
      const before = engine.report(WORKSPACE, `law-${i}`, 100, NOW)?.report;
      const after = reopened.report(WORKSPACE, `law-${i}`, 100, NOW)?.report;
      expect(timeless(after)).toEqual(timeless(before));
    }
    engine.close();
    reopened.close();
  });

  it('has what each batch changed of a campaign itself, also where it wrote sums that were behind', () => {
    const engine = openEngine(folder.path);
    const besides = new DatabaseSync(join(folder.path, 'ringside.db'));
    const stored = besides.prepare(
      "SELECT state ->> '$.campaign.events' AS said, (SELECT count(*) FROM campaign_events) AS rows FROM campaigns",
    );
    for (let n = 1; n <= 150; n++) {
      engine.apply([ended('c', `call-${n}`), changed('c', n)]);
      expect(stored.get()).toEqual({ said: n, rows: n });
    }
    besides.close();
    engine.close();
  });

  it('keeps the counters right over many restarts and crashes', () => {
    let path = folder.path;
    for (let round = 1; round <= 6; round++) {
      const engine = openEngine(path);
      for (let i = 0; i < 200; i++) engine.apply([ended(`c-${i % 3}`, `${round}-${i}`, i % 50)]);
      if (round % 2 === 0) engine.tidy(NOW);
      const report = engine.report(WORKSPACE, 'c-0', 0, NOW)?.report;
      expect(report?.progress.attempts).toBe(67 * round);
      expect(report?.callMetrics.totalDuration).toBe(67 * round * 60);
      if (round % 3 === 0) engine.close();
      else {
        const copy = join(folder.path, `round-${round}`);
        mkdirSync(copy);
        for (const file of ['ringside.db', 'ringside.db-wal']) copyFileSync(join(path, file), join(copy, file));
        path = copy;
      }
    }
  });

  it('leaves nothing behind of a batch that could not be written', () => {
    const engine = openEngine(folder.path);
    engine.apply([ended('c', 'first')]);
    const other = new DatabaseSync(join(folder.path, 'ringside.db'));
    other.exec("CREATE TRIGGER full BEFORE INSERT ON call_events BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    expect(() => engine.apply([ended('c', 'second'), ended('new', 'third')])).toThrow('disk full');
    expect(engine.report(WORKSPACE, 'c', 10, NOW)?.report.progress.attempts).toBe(1);
    expect(engine.report(WORKSPACE, 'new', 10, NOW)).toBeNull();
    other.exec('DROP TRIGGER full');
    other.close();
    expect(engine.apply([ended('c', 'second'), ended('new', 'third')]).results).toEqual([
      { result: 'accepted' },
      { result: 'accepted' },
    ]);
    expect(engine.report(WORKSPACE, 'c', 10, NOW)?.report.recentActivity).toHaveLength(2);
    engine.close();
  });

  it('syncs to disk at every commit', () => {
    const engine = openEngine(folder.path);
    expect(engine.pragmas()).toEqual({ journal_mode: 'wal', synchronous: 2 });
    engine.close();
  });
});

type Reported = Partial<NonNullable<ReturnType<ReturnType<typeof openEngine>['report']>>['report']>;

/** Without what differs between histories that mean the same, and without the forecast, which is made apart. */
function timeless(report: Reported | undefined) {
  const { version: _v, revision: _r, asOf: _a, forecast: _f, progress, timeline, ...rest } = report ?? {};
  return {
    ...rest,
    progress: { ...progress, estimatedTimeRemaining: null },
    timeline: { ...timeline, estimatedEndTime: null },
    forecast: null,
  };
}

/** Generated campaigns are called `n` once they are registered. */
function nameOf(report: Reported | undefined, campaignId: string): string {
  return report?.campaignName === 'n' ? 'n' : campaignId;
}
