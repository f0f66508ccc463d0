import { defaultSettings, type Settings } from '@ringside/protocol';
import type { Session } from './session.ts';

/** What a workspace has set, `null` for one that set nothing. */
export async function readSettings(session: Session, workspace: string): Promise<Settings | null> {
  const [row] = await session.query<{ value: string }>('SELECT value FROM settings WHERE workspace = $1', workspace);
  return row ? settingsOf(row.value) : null;
}

/** Every workspace that set something. */
export async function allSettings(session: Session): Promise<(readonly [workspace: string, settings: Settings])[]> {
  const rows = await session.query<{ workspace: string; value: string }>('SELECT workspace, value FROM settings');
  return rows.map(({ workspace, value }) => [workspace, settingsOf(value)] as const);
}

export async function writeSettings(session: Session, workspace: string, settings: Settings): Promise<void> {
  await session.query(
    'INSERT INTO settings (workspace, value) VALUES ($1, $2) ON CONFLICT (workspace) DO UPDATE SET value = excluded.value',
    ...[workspace, JSON.stringify(settings)],
  );
}

/** What was set before a setting came to be lacks it. */
function settingsOf(value: string): Settings {
  return { ...defaultSettings, ...JSON.parse(value) };
}
