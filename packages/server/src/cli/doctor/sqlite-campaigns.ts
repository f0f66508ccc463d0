import { driveSteps } from '../../store/access/steps.ts';
import { AccessTables } from '../../store/sqlite/access-tables.ts';
import { loadBase } from '../../store/sqlite/bases.ts';
import { CallRows } from '../../store/sqlite/call-rows.ts';
import { LiveCampaigns } from '../../store/sqlite/campaigns.ts';
import { type Database, openDatabase, renewEpoch } from '../../store/sqlite/database.ts';
import { rebuildCampaign } from '../../store/sqlite/replay.ts';
import type { Progress } from '../progress.ts';
import { CampaignExamination } from './examine-campaign.ts';
import type { Findings } from './findings.ts';
import { closeDatabase, openScratch } from './scratch.ts';
import { type CampaignRef, refsAfter } from './snapshot.ts';
import { FindingsSum, type StoreFindings } from './store-findings.ts';

export interface StoreExamination {
  readonly dataDir: string;
  readonly db: Database;
  readonly progress: Progress;
  readonly now: number;
}

/** Examines every campaign of a snapshot of the embedded store. */
export function examineStore({ dataDir, db, progress, now }: StoreExamination): StoreFindings {
  const scratch = openScratch(dataDir);
  try {
    const campaigns = new LiveCampaigns(db);
    const read = new AccessTables(db).rows;
    const isBusy = db.prepare(
      `SELECT 1 FROM rescoring WHERE campaign_key = ?1
       UNION ALL SELECT 1 FROM erasing WHERE campaign_key = ?1
       UNION ALL SELECT 1 FROM erasures WHERE workspace = ?2 AND done_at IS NULL`,
    );
    const examine = (ref: CampaignRef): Findings => {
      const examination = new CampaignExamination({ scratch, progress, now }, ref);
      try {
        const live = campaigns.get(ref.key, 0);
        if (!live) return examination.withoutSums(0);
        return driveSteps(examination.compare({ ...live, base: loadBase(db, ref.key) }), read);
      } catch (error) {
        return examination.unreadable(error);
      }
    };
    const sum = new FindingsSum();
    for (let after = ''; ; ) {
      const refs = driveSteps(refsAfter(after), read);
      const last = refs.at(-1);
      if (!last) return sum.whole;
      for (const ref of refs) {
        sum.add(ref, isBusy.get(ref.key, ref.workspace) === undefined ? examine(ref) : null);
        // A campaign that is done with need not stay in memory.
        campaigns.evictIdle(Number.MAX_SAFE_INTEGER);
      }
      after = last.key;
    }
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
