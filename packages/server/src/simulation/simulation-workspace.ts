import { defaultSettings } from '@ringside/protocol';
import type { AuditNote } from '../store/access/records.ts';
import { SIMULATION_WORKSPACE, USUAL_LIMITS } from '../store/limits.ts';
import type { Store } from '../store/store.ts';

const CALLS_KEPT_DAYS = 1;

interface Opening {
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly note: (action: string, target: string | null) => AuditNote;
}

/** Creates the workspace of simulations at the first one, and opens it again where an operator closed it. */
export async function openSimulationWorkspace(
  { access, putSettings }: Pick<Store, 'access' | 'putSettings'>,
  { timeZone, at, note }: Opening,
): Promise<void> {
  const id = SIMULATION_WORKSPACE;
  const known = await access.workspace(id);
  if (known) {
    if (known.closedAt !== null) await access.changeWorkspace(id, { closedAt: null }, note('workspace.changed', id));
    return;
  }
  const added = { id, name: 'Simulation', timeZone, limits: USUAL_LIMITS, createdAt: at, closedAt: null };
  if (!(await access.addWorkspace(added, note('workspace.created', id)))) return;
  const settings = { ...defaultSettings, retention: { callDays: CALLS_KEPT_DAYS } };
  await putSettings(id, settings, note('settings.changed', null));
}
