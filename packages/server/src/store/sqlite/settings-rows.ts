import { defaultSettings, type Settings } from '@ringside/protocol';
import type { Database } from './database.ts';

/** What workspaces have set. Few and small, so they are kept in memory. */
export class SettingsRows {
  readonly #put;
  readonly #known = new Map<string, Settings>();

  constructor(db: Database) {
    this.#put = db.prepare(
      'INSERT INTO settings (workspace, value) VALUES (?, ?) ON CONFLICT (workspace) DO UPDATE SET value = excluded.value',
    );
    for (const row of db.prepare('SELECT workspace, value FROM settings').all() as {
      workspace: string;
      value: string;
    }[]) {
      this.#known.set(row.workspace, { ...defaultSettings, ...JSON.parse(row.value) });
    }
  }

  /** `null` for a workspace that set nothing. */
  get(workspace: string): Settings | null {
    return this.#known.get(workspace) ?? null;
  }

  /** Every workspace that set something. */
  all(): readonly (readonly [workspace: string, settings: Settings])[] {
    return [...this.#known];
  }

  /** Memory follows with {@link keep}, once this is committed. */
  write(workspace: string, settings: Settings): void {
    this.#put.run(workspace, JSON.stringify(settings));
  }

  keep(workspace: string, settings: Settings): void {
    this.#known.set(workspace, settings);
  }
}
