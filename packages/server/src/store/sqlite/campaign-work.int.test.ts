import type { CampaignDelivery } from '@ringside/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Receipt } from '../../ingest/receipt.ts';
import { callbackReceipt, openEngine, WORKSPACE } from '../../testing/engine.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import type { Engine } from './engine.ts';

const T0 = Date.UTC(2025, 7, 7, 14);
const SIZES = { few: 20, many: 2_000 };

/** Statements that were run, rows that they gave, and characters of text that went in and out. */
interface Work {
  statements: number;
  rows: number;
  text: number;
}

const { done, textIn } = vi.hoisted(() => ({
  done: { statements: 0, rows: 0, text: 0 },
  textIn: (values: readonly unknown[]): number =>
    values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0),
}));

/** The real database, whose statements are counted. */
vi.mock('@photostructure/sqlite', async (load) => {
  const real = await load<typeof import('@photostructure/sqlite')>();
  const counted = (statement: object): object =>
    new Proxy(statement, {
      get(target, name) {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          const result = value.apply(target, given) as unknown;
          if (name !== 'get' && name !== 'all' && name !== 'run' && name !== 'iterate') return result;
          const rows = name === 'run' || result === undefined ? [] : name === 'get' ? [result] : [...(result as [])];
          done.statements += 1;
          done.rows += rows.length;
          done.text += textIn(given) + rows.reduce<number>((sum, row) => sum + textIn(Object.values(row as object)), 0);
          return name === 'iterate' ? rows.values() : result;
        };
      },
    });
  const { DatabaseSync } = real;
  class Counting extends DatabaseSync {
    override prepare(...given: Parameters<InstanceType<typeof DatabaseSync>['prepare']>) {
      return counted(super.prepare(...given)) as ReturnType<InstanceType<typeof DatabaseSync>['prepare']>;
    }
  }
  return { ...real, DatabaseSync: Counting };
});

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

function workOf(act: () => unknown): Work {
  Object.assign(done, { statements: 0, rows: 0, text: 0 });
  act();
  return { ...done };
}

/** The n-th change of a campaign, all within the same ten minutes. */
function changed(campaignId: string, n: number): Receipt {
  const at = T0 + n * 300;
  const change = n % 2 === 0 ? 'resumed' : 'paused';
  const about = { about: 'campaign', type: 'change', source: 'api', change, reason: null, actor: null } as const;
  const delivery: CampaignDelivery = { ...about, hash: `change-${n}`, receivedAt: at, at };
  return { kind: 'delivery', workspace: WORKSPACE, receivedAt: at, campaignId, delivery };
}

const callback = (campaignId: string, n: number): Receipt =>
  callbackReceipt(
    T0 + 900_000 + n,
    `campId=${campaignId}`,
    `CallUUID=uuid-${campaignId}-${n}&Event=Ring&To=91987654${1_000 + n}`,
  );

it('for a callback, a report, a page and one more event does not grow with what was said of the campaign', () => {
  const works = Object.entries(SIZES).map(([campaignId, size]): Record<string, Work> => {
    for (let at = 0; at < size; at += 500) {
      engine.apply(Array.from({ length: Math.min(500, size - at) }, (_, n) => changed(campaignId, at + n)));
    }
    // The same minutes and kinds of changes in both.
    engine.apply([callback(campaignId, 0), changed(campaignId, SIZES.many)]);
    const report = () => engine.report(WORKSPACE, campaignId, 100, T0 + 900_000);
    report();
    const open = {
      callback: workOf(() => engine.apply([callback(campaignId, 1)])),
      report: workOf(report),
      timeline: workOf(() => engine.timeline(WORKSPACE, campaignId, { limit: 10, before: null }, T0 + 900_000)),
      event: workOf(() => engine.apply([changed(campaignId, SIZES.many + 1)])),
    };
    engine.close();
    engine = openEngine(folder.path);
    return { ...open, reportAfterStart: workOf(report) };
  });
  const [few = {}, many = {}] = works;
  for (const [what, one] of Object.entries(many)) {
    const other = few[what] as Work;
    expect([what, one.statements, one.rows - other.rows <= SIZES.few]).toEqual([what, other.statements, true]);
    // Figures of more digits, and minutes that the few did not reach.
    expect([what, one.text - other.text < 2_000]).toEqual([what, true]);
  }
});
