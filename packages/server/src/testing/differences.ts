import { DatabaseSync } from '@photostructure/sqlite';
import { closeDatabase } from '../cli/doctor/scratch.ts';
import { openSnapshot } from '../cli/doctor/snapshot.ts';
import { examineStore } from '../cli/doctor/sqlite-campaigns.ts';
import { Progress } from '../cli/progress.ts';
import { campaignKey } from '../store/campaign-key.ts';
import { databasePath } from '../store/sqlite/database.ts';

const quiet = { isWatched: false, colors: {}, out: () => {}, err: () => {} } as never;

/** Everything that the doctor finds wrong in a store, which may be in use. */
export function differencesIn(dataDir: string, now: number): string[] {
  const db = openSnapshot(dataDir);
  if (!db) return ['there is no store'];
  try {
    const { different } = examineStore({ dataDir, db, progress: new Progress(quiet, () => now), now });
    return different.flatMap(({ campaignId, differences }) =>
      differences.map(
        ({ what, where, expected, found }) => `${campaignId} ${what} ${where}: ${found}, not ${expected}`,
      ),
    );
  } finally {
    closeDatabase(db);
  }
}

/** How many calls of a campaign are stored. */
export function storedCalls(dataDir: string, workspace: string, campaignId: string): number {
  const db = new DatabaseSync(databasePath(dataDir), { readOnly: true });
  try {
    const row = db
      .prepare('SELECT count(*) AS n FROM calls WHERE campaign_key = ?')
      .get(campaignKey(workspace, campaignId));
    return (row as { n: number }).n;
  } finally {
    db.close();
  }
}
