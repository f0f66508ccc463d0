import { report, reportClock, rollupToData } from '@ringside/core';
import type pg from 'pg';
import { driveSteps, rowOf, type Steps } from '../../store/access/steps.ts';
import { LiveCampaigns as PostgresCampaigns } from '../../store/postgres/live-campaigns.ts';
import { Reports } from '../../store/postgres/reports.ts';
import { Session } from '../../store/postgres/session.ts';
import { AccessTables } from '../../store/sqlite/access-tables.ts';
import { CallRows } from '../../store/sqlite/call-rows.ts';
import { type LiveCampaign, LiveCampaigns } from '../../store/sqlite/campaigns.ts';
import { forecastOf } from '../../store/sqlite/forecasting.ts';
import { recentCalls } from '../../store/sqlite/recent-calls.ts';
import { firstDifference } from '../doctor/findings.ts';
import { examinePostgresStore } from '../doctor/postgres-campaigns.ts';
import { refsAfter } from '../doctor/snapshot.ts';
import type { StoreFindings } from '../doctor/store-findings.ts';
import type { Progress } from '../progress.ts';
import { CliError, counted } from '../terminal.ts';
import type { MoveSource } from './source.ts';
import { CAMPAIGN_TABLES, STORE_TABLES } from './tables.ts';

const RECENT = 100;
const REPORTS = 50;

export interface Verification {
  readonly pool: pg.Pool;
  readonly source: MoveSource;
  readonly progress: Progress;
  readonly now: number;
}

/**
 * Compares the store that was moved with the one it came from, row counts and sums of every campaign and whole reports
 * of some, and has the doctor build it again from its deliveries.
 * @throws CliError with what differs first
 */
export async function verifyMove({ pool, source, progress, now }: Verification): Promise<StoreFindings> {
  const session = new Session(pool);
  const read = new AccessTables(source.db).rows;
  const campaigns = new LiveCampaigns(source.db);
  await sameCounts('the store', countsOfStore(), read, session);
  progress.start('comparing', null, 'campaigns');
  let reports = 0;
  for (let after = ''; ; ) {
    const refs = driveSteps(refsAfter(after), read);
    const last = refs.at(-1);
    if (!last) break;
    for (const ref of refs) {
      await sameCounts(`campaign ${ref.campaignId}`, countsOfCampaign(ref.key), read, session);
      const live = campaigns.get(ref.key, 0);
      if (live) await sameCampaign(live, source, session, reports++ < REPORTS ? now : null);
      campaigns.evictIdle(Number.MAX_SAFE_INTEGER);
      progress.add(1);
    }
    after = last.key;
  }
  const findings = await examinePostgresStore({ pool, dataDir: source.dataDir, progress, now });
  refuseDifferent(findings);
  return findings;
}

function refuseDifferent({ different }: StoreFindings): void {
  const [first] = different;
  if (!first) return;
  const [{ what, where, expected, found }] = first.differences as [(typeof first.differences)[number]];
  throw new CliError(
    `${counted(different.length, 'campaign')} not as the stored deliveries say (${first.campaignId}: ${what} ${where} expected ${expected}, found ${found}): repair the store that is moved with ringside doctor --fix, and move it into an empty database`,
  );
}

/** Counts of the tables that belong to no campaign, in SQL of both stores. */
function* countsOfStore(): Steps<unknown> {
  const counts = STORE_TABLES.map(({ name }) => `(SELECT count(*) FROM ${name}) AS ${name}`);
  return yield* rowOf(`SELECT ${counts.join(', ')}, (SELECT count(*) FROM campaigns) AS campaigns`);
}

/** Counts of a campaign's rows, and how long its deliveries are together. */
function* countsOfCampaign(key: string): Steps<unknown> {
  const counts = CAMPAIGN_TABLES.map(({ name }) => `(SELECT count(*) FROM ${name} WHERE campaign_key = $1) AS ${name}`);
  return yield* rowOf(
    `SELECT ${counts.join(', ')}, text, raw
     FROM (SELECT CAST(coalesce(sum(length(delivery)), 0) AS bigint) AS text, count(raw) AS raw
           FROM call_events WHERE campaign_key = $1) AS deliveries`,
    key,
  );
}

async function sameCounts(
  what: string,
  counts: Steps<unknown>,
  read: AccessTables['rows'],
  session: Session,
): Promise<void> {
  const statements: Parameters<AccessTables['rows']>[0][] = [];
  const expected = driveSteps(counts, (statement) => {
    statements.push(statement);
    return read(statement);
  });
  const [statement] = statements;
  const found = statement && (await session.step(statement))[0];
  same(what, expected, found);
}

/** @param reportAt when to compare the whole report too, or `null` */
async function sameCampaign(
  live: LiveCampaign,
  { db }: MoveSource,
  session: Session,
  reportAt: number | null,
): Promise<void> {
  const what = `campaign ${live.campaignId}`;
  const moved = await new PostgresCampaigns(session).get(live.key, 0);
  const sums = (rollup: LiveCampaign['rollup']) => {
    const { totals, minutes } = rollupToData(rollup);
    return {
      totals: Object.fromEntries(totals),
      minutes: Object.fromEntries(minutes.map(([at, n]) => [at, Object.fromEntries(n)])),
    };
  };
  same(what, { ...live.state, ...sums(live.rollup) }, moved && { ...moved.state, ...sums(moved.rollup) });
  if (reportAt === null || !moved) return;
  const { campaignId, state, rollup } = live;
  const clock = reportClock({ state, rollup, epoch: '' }, reportAt);
  const rows = new CallRows(db);
  const recent = recentCalls(live, rows, RECENT);
  const forecast = forecastOf(live, rows, clock.at, false);
  const expected = report({ campaignId, state, rollup, recentCalls: recent, epoch: '', forecast }, clock);
  const found = await new Reports(session, '').report(moved, RECENT, reportAt);
  same(`the report of ${what}`, expected, found.report);
}

function same(what: string, expected: unknown, found: unknown): void {
  const difference = firstDifference(expected, found);
  if (!difference) return;
  const { path } = difference;
  const [should, is] = [JSON.stringify(difference.expected), JSON.stringify(difference.found)];
  throw new CliError(`${what} did not arrive as it was: ${path} is ${is}, not ${should}: move into an empty database`);
}
