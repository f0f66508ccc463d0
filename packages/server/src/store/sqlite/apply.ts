import { type Changes, deliveryToText, drive, fold, type Rollup, withLastAt } from '@ringside/core';
import type { Applied, Receipt, ReceiptResult, Touched } from '../../ingest/receipt.ts';
import { note } from '../access/audit.ts';
import { driveSteps } from '../access/steps.ts';
import { followSaid } from '../dialing/follow.ts';
import { refreshSample } from '../forecasting.ts';
import { eventLimit } from '../limits.ts';
import { mayNameErased } from '../privacy/admission.ts';
import type { ErasedNumbers } from '../privacy/erased-numbers.ts';
import { refreshRecent } from '../recent-calls.ts';
import type { AccessTables } from './access-tables.ts';
import type { Bases } from './bases.ts';
import type { CallRows } from './call-rows.ts';
import { CampaignSearch } from './campaign-search.ts';
import type { LiveCampaign, LiveCampaigns } from './campaigns.ts';
import type { Database } from './database.ts';
import { type Group, groupByCampaign, mayBeKept } from './group-receipts.ts';
import type { Nonces } from './nonces.ts';
import { refold } from './refold.ts';
import type { SettingsRows } from './settings-rows.ts';
import { sqlText } from './sql.ts';
import type { Unassigned } from './unassigned.ts';

/** Everything that apply works on. */
export interface Tables {
  readonly db: Database;
  readonly campaigns: LiveCampaigns;
  readonly rows: CallRows;
  readonly unassigned: Unassigned;
  readonly settings: SettingsRows;
  readonly access: AccessTables;
  readonly nonces: Nonces;
  readonly bases: Bases;
  readonly erased: ErasedNumbers;
}

export interface ApplySettings {
  /** Zone of Plivo's console times where a callback does not show it. */
  readonly plivoTimeZone: string;
  /** Campaigns that callbacks alone may create, per workspace. */
  readonly unregisteredLimit: number;
}

/** @param texts of the deliveries, by place in the batch, where they are known already */
export type Apply = (receipts: readonly Receipt[], texts?: readonly (string | null)[]) => Applied;

/**
 * Applies a batch of receipts in one transaction: one fold per campaign, one commit for all. Memory follows only
 * after the commit, so a failed transaction leaves nothing behind.
 */
export function makeApply(tables: Tables, settings: ApplySettings): Apply {
  const { db, campaigns, rows } = tables;
  const grouping = { ...settings, search: new CampaignSearch(tables) };
  const appendEvent = db.prepare(sqlText('event-append'));
  const rescore = db.prepare('INSERT OR REPLACE INTO rescoring (campaign_key, after_id) VALUES (?, 0)');
  const eraseAgain = db.prepare(
    'INSERT INTO erasing (campaign_key, asked) VALUES (?, 1) ON CONFLICT (campaign_key) DO UPDATE SET asked = asked + 1',
  );

  function writeGroup({ live, items }: Group, texts: readonly (string | null)[]): Changes {
    const changes = drive(
      fold(
        live.state,
        items.map((item) => item.delivery),
        undefined,
        eventLimit(items),
      ),
      (wanted) => rows.read(live.key, wanted),
    );
    rows.write(live.key, changes);
    if (changes.rescore) rescore.run(live.key);
    if (mayNameErased(changes, tables.erased.of(live.workspace))) eraseAgain.run(live.key);
    items.forEach(({ audit, delivery }, position) => {
      if (changes.results[position] !== 'accepted') return;
      if (audit) driveSteps(note(audit), tables.access.rows);
      driveSteps(followSaid(live, delivery), tables.access.rows);
    });
    for (const { index, seq } of changes.stored) {
      const item = items[index];
      if (!item) continue;
      const asItCame = item.index === null || item.isRewritten ? null : texts[item.index];
      const text = asItCame ?? deliveryToText(item.delivery);
      appendEvent.run(live.key, seq, item.delivery.receivedAt, text, item.raw);
    }
    return changes;
  }

  function applyTogether(receipts: readonly Receipt[], texts: readonly (string | null)[]): Applied {
    const results: ReceiptResult[] = receipts.map(() => ({ result: 'aside' }));
    db.exec('BEGIN IMMEDIATE');
    try {
      const groups = groupByCampaign(tables, grouping, receipts, results);
      const done = groups.map((group) => ({ group, changes: writeGroup(group, texts) }));
      const written = done.map(({ group, changes }) => finish(tables, group.live, changes));
      // Sums are written as they were before this batch, so what it changed of a campaign itself must come after them.
      const settle = campaigns.wantsFlush ? campaigns.flush() : null;
      campaigns.write(written);
      db.exec('COMMIT');
      // First what was flushed becomes clean, then what this batch did makes it dirty again.
      settle?.();
      campaigns.commit(written);
      return { results, touched: done.flatMap(({ group, changes }) => publish(group, changes, results)) };
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  /** A receipt that the fold cannot take must not stop the others: halve the batch until it is alone. */
  function applyApart(receipts: readonly Receipt[], texts: readonly (string | null)[] = []): Applied {
    try {
      return applyTogether(receipts, texts);
    } catch (error) {
      if (isStorageError(error)) throw error;
      const [only] = receipts;
      if (only && receipts.length === 1) return setAside(tables, only, error as Error);
      const middle = Math.ceil(receipts.length / 2);
      const a = applyApart(receipts.slice(0, middle), texts.slice(0, middle));
      const b = applyApart(receipts.slice(middle), texts.slice(middle));
      return { results: [...a.results, ...b.results], touched: [...a.touched, ...b.touched] };
    }
  }

  return applyApart;
}

/** An error of the database concerns every receipt; any other is the fault of one. */
function isStorageError(error: unknown): boolean {
  return (error as { code?: string }).code === 'ERR_SQLITE_ERROR';
}

/** What was signed is kept, with the reason, for somebody to look at; what a program sent is given back to it. */
function setAside(tables: Tables, receipt: Receipt, error: Error): Applied {
  if (receipt.kind === 'delivery') return { results: [{ result: 'rejected', code: 'internal-error' }], touched: [] };
  if (mayBeKept(tables, receipt)) tables.unassigned.add(receipt, `cannot be applied: ${error.message}`, null);
  return { results: [{ result: 'aside' }], touched: [] };
}

/** One object for each, so that a batch of results is cheap to hand to another thread. */
const outcomes: Readonly<Record<Changes['results'][number], ReceiptResult>> = {
  accepted: { result: 'accepted' },
  unchanged: { result: 'unchanged' },
  'too-many-events': { result: 'rejected', code: 'too-many-events' },
  'call-full': { result: 'rejected', code: 'call-full' },
};

interface Written {
  readonly live: LiveCampaign;
  readonly state: Changes['state'];
  readonly delta: Rollup;
}

/** A default country that comes after calls changes how their numbers read: fold the campaign again. */
function finish(tables: Tables, live: LiveCampaign, changes: Changes): Written {
  if (changes.rereadNumbers) return { live, ...refold(tables, live, changes) };
  if (!changes.lastAtStale) return { live, state: changes.state, delta: changes.delta };
  const ofCalls = Math.max(tables.rows.lastAt(live.key), tables.bases.get(live.key)?.lastAt ?? 0);
  return { live, state: withLastAt(changes.state, ofCalls), delta: changes.delta };
}

function publish({ live, items }: Group, changes: Changes, results: ReceiptResult[]): Touched[] {
  changes.results.forEach((result, position) => {
    const index = items[position]?.index;
    if (index != null) results[index] = outcomes[result];
  });
  if (changes.stored.length === 0) return [];
  if (changes.rereadNumbers) {
    live.recent = null;
    live.forecasts.sample = null;
  } else {
    refreshRecent(live, changes);
    refreshSample(live, changes);
  }
  return [{ workspace: live.workspace, campaignId: live.campaignId, version: live.state.version }];
}
