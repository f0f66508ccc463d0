import { closeDatabase } from '../cli/doctor/scratch.ts';
import { openSnapshot } from '../cli/doctor/snapshot.ts';
import { examineStore } from '../cli/doctor/sqlite-campaigns.ts';
import { Progress } from '../cli/progress.ts';

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
