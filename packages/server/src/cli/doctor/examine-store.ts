import { CallRows } from '../../store/sqlite/call-rows.ts';
import { LiveCampaigns } from '../../store/sqlite/campaigns.ts';
import { type Database, openDatabase, renewEpoch } from '../../store/sqlite/database.ts';
import { rebuildCampaign } from '../../store/sqlite/replay.ts';
import type { Progress } from '../progress.ts';
import { examineCampaign } from './examine-campaign.ts';
import type { Findings } from './findings.ts';
import { campaignRefs, closeDatabase, openScratch } from './snapshot.ts';

/** What the whole store came to. */
export interface StoreFindings {
  readonly campaigns: number;
  readonly calls: number;
  readonly deliveries: number;
  /** Campaigns whose calls are just being scored again or rewritten without a number: their rows are of two kinds. */
  readonly busy: readonly string[];
  /** Campaigns in which something differs. */
  readonly different: readonly Findings[];
}

export interface StoreExamination {
  readonly dataDir: string;
  readonly db: Database;
  readonly progress: Progress;
  readonly now: number;
}

/** Examines every campaign of the snapshot. */
export function examineStore({ dataDir, db, progress, now }: StoreExamination): StoreFindings {
  const scratch = openScratch(dataDir);
  try {
    const campaigns = new LiveCampaigns(db);
    const different: Findings[] = [];
    const busy: string[] = [];
    const isBusy = db.prepare(
      `SELECT 1 FROM rescoring WHERE campaign_key = ?1
       UNION ALL SELECT 1 FROM erasing WHERE campaign_key = ?1
       UNION ALL SELECT 1 FROM erasures WHERE workspace = ?2 AND done_at IS NULL`,
    );
    const sum = { campaigns: 0, calls: 0, deliveries: 0 };
    for (const ref of campaignRefs(db)) {
      if (isBusy.get(ref.key, ref.workspace) !== undefined) {
        busy.push(ref.campaignId);
        continue;
      }
      const findings = examineCampaign({ db, campaigns, scratch, progress, now }, ref);
      if (findings.count > 0) different.push(findings);
      sum.campaigns += 1;
      sum.calls += findings.calls;
      sum.deliveries += findings.deliveries;
      // A campaign that is done with need not stay in memory.
      campaigns.evictIdle(Number.MAX_SAFE_INTEGER);
    }
    return { ...sum, busy, different };
  } finally {
    progress.clear();
    scratch.close();
  }
}

/** Builds campaigns again from their stored deliveries. The store must be locked. */
export function repairStore(dataDir: string, broken: readonly Findings[], progress: Progress): void {
  const db = openDatabase(dataDir);
  try {
    // A repair is no hurry: half the cache of a server does.
    db.exec('PRAGMA cache_size = -32768');
    const campaigns = new LiveCampaigns(db);
    const tables = { db, campaigns, rows: new CallRows(db) };
    for (const { key, campaignId, deliveries } of broken) {
      const live = campaigns.get(key, 0);
      if (!live) continue;
      progress.start(`repairing ${campaignId}`, deliveries, 'deliveries');
      rebuildCampaign(tables, live, (done) => progress.add(done));
      writeSums(db, campaigns);
      campaigns.evictIdle(Number.MAX_SAFE_INTEGER);
    }
    renewEpoch(db);
    // A repair may have written gigabytes ahead; nobody else is here to mind if they are moved in now.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    progress.clear();
    closeDatabase(db);
  }
}

function writeSums(db: Database, campaigns: LiveCampaigns): void {
  while (campaigns.isDirty) {
    db.exec('BEGIN IMMEDIATE');
    const settle = campaigns.flush();
    db.exec('COMMIT');
    settle();
  }
}
