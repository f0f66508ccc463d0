import type { AccessStore } from '../store/access/work.ts';

/** What intake must know of workspaces before anybody has authenticated: callbacks prove an account, not a person. */
export class WorkspaceDirectory {
  readonly #store: Pick<AccessStore, 'workspaces'>;
  #eventsPerSecond: ReadonlyMap<string, number | null> = new Map();

  constructor(store: Pick<AccessStore, 'workspaces'>) {
    this.#store = store;
  }

  /** Reads them anew. */
  async load(): Promise<void> {
    const all = await this.#store.workspaces();
    this.#eventsPerSecond = new Map(all.map(({ id, limits }) => [id, limits.eventsPerSecond]));
  }

  /** `null` is without limit. */
  eventsPerSecond(workspace: string): number | null {
    return this.#eventsPerSecond.get(workspace) ?? null;
  }
}
