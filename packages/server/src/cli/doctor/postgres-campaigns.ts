import type pg from 'pg';
import { driveStepsLater } from '../../store/access/steps.ts';
import { CampaignWriter } from '../../store/postgres/campaign-writer.ts';
import { QueryError } from '../../store/postgres/connection.ts';
import { ErasureWatch } from '../../store/postgres/erasures.ts';
import { LiveCampaigns } from '../../store/postgres/live-campaigns.ts';
import type { LockedCampaign } from '../../store/postgres/locked-campaign.ts';
import { PostgresReadSource } from '../../store/postgres/read-source.ts';
import { rebuildCampaign } from '../../store/postgres/rebuild.ts';
import { inTransaction, Session } from '../../store/postgres/session.ts';
import { countDeliveries } from '../../store/replayed.ts';
import { CampaignExamination, type Examination } from './examine-campaign.ts';
import type { Findings } from './findings.ts';
import { openScratch } from './scratch.ts';
import { type CampaignRef, refsAfter } from './snapshot.ts';
import { FindingsSum, type StoreFindings } from './store-findings.ts';

export interface PostgresExamination extends Omit<Examination, 'scratch'> {
  readonly pool: pg.Pool;
  /** Where the scratch file lies. */
  readonly dataDir: string;
}

/**
 * Examines every campaign of a store in PostgreSQL, each in a snapshot of its own, so that no snapshot is held for
 * longer than one campaign takes; nodes go on writing.
 */
export async function examinePostgresStore({ pool, dataDir, ...around }: PostgresExamination): Promise<StoreFindings> {
  const scratch = openScratch(dataDir);
  const session = new Session(pool);
  const sum = new FindingsSum();
  try {
    for (let after = ''; ; ) {
      const refs = await driveStepsLater(refsAfter(after), session.step);
      const last = refs.at(-1);
      if (!last) return sum.whole;
      for (const ref of refs) {
        const findings = await inSnapshot(pool, (own) => examineCampaign(own, { scratch, ...around }, ref));
        if (findings !== 'empty') sum.add(ref, findings);
      }
      after = last.key;
    }
  } finally {
    around.progress.clear();
    scratch.close();
  }
}

function inSnapshot<T>(pool: pg.Pool, work: (session: Session) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (session) => {
    await session.command('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    return work(session);
  });
}

/** @returns `null` while something rewrites its rows; `empty` for what nobody has said anything of */
async function examineCampaign(
  session: Session,
  around: Examination,
  ref: CampaignRef,
): Promise<Findings | 'empty' | null> {
  if (await isBusy(session, ref)) return null;
  const examination = new CampaignExamination(around, ref);
  try {
    const campaigns = new LiveCampaigns(session);
    const live = await campaigns.get(ref.key, 0);
    if (!live) {
      const { count } = await driveStepsLater(countDeliveries(ref.key), session.step);
      return count === 0 ? 'empty' : examination.withoutSums(count);
    }
    const base = await new PostgresReadSource(session, campaigns).base(ref.key);
    return await driveStepsLater(examination.compare({ ...live, base }), session.step);
  } catch (error) {
    if (error instanceof QueryError) throw error;
    return examination.unreadable(error);
  }
}

async function isBusy(session: Session, { key, workspace }: CampaignRef): Promise<boolean> {
  const [row] = await session.query<{ busy: boolean }>(
    `SELECT EXISTS (SELECT FROM rescoring WHERE campaign_key = $1)
         OR EXISTS (SELECT FROM erasing WHERE campaign_key = $1)
         OR EXISTS (SELECT FROM erasures WHERE workspace = $2 AND done_at IS NULL) AS busy`,
    ...[key, workspace],
  );
  return row?.busy ?? false;
}

/** Builds campaigns again from their stored deliveries, each while it is locked: who writes to it waits. */
export async function repairPostgresStore(
  { pool, progress, now }: PostgresExamination,
  broken: readonly Findings[],
): Promise<void> {
  const session = new Session(pool);
  const writer = new CampaignWriter(pool, new LiveCampaigns(session), new ErasureWatch(Buffer.alloc(32)), 0);
  for (const { key, workspace, campaignId, deliveries } of broken) {
    progress.start(`repairing ${campaignId}`, deliveries, 'deliveries');
    await session.rows('rollup-make', key);
    const work = (own: Session, locked: LockedCampaign) => rebuildCampaign(own, locked, (done) => progress.add(done));
    await writer.change({ key, workspace, campaignId }, { now, fence: null, work });
  }
  progress.clear();
}
