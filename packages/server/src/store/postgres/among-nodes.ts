import type { Touched } from '../../ingest/receipt.ts';
import type { CampaignRef, Fence, LeaseTable, SharedStore } from '../among-nodes.ts';
import { campaignKey } from '../campaign-key.ts';
import { StoreFault } from '../store.ts';
import type { Session } from './session.ts';

/** The owner and the time of a lease, as text: exact to the microsecond. */
function mark(lease: string): string {
  return `${lease}.token || ' ' || extract(epoch FROM ${lease}.until)`;
}

const TAKE = `
  INSERT INTO leases AS held (name, owner, token, until)
  VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
  ON CONFLICT (name) DO UPDATE
  SET owner = excluded.owner, until = excluded.until,
      token = held.token + CASE WHEN held.owner = excluded.owner AND held.until > clock_timestamp() THEN 0 ELSE 1 END
  WHERE held.owner = excluded.owner OR held.until <= clock_timestamp() OR ${mark('held')} = $4
  RETURNING token`;

class Leases implements LeaseTable {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async take(name: string, owner: string, ms: number, forsaken: string | null = null): Promise<number | null> {
    const [row] = await this.#session.query<{ token: number }>(TAKE, name, owner, ms, forsaken);
    return row?.token ?? null;
  }

  async mark(name: string): Promise<string | null> {
    const sql = `SELECT ${mark('held')} AS mark FROM leases AS held WHERE name = $1`;
    const [row] = await this.#session.query<{ mark: string }>(sql, name);
    return row?.mark ?? null;
  }

  async release(name: string, owner: string): Promise<void> {
    const release = 'UPDATE leases SET until = clock_timestamp() WHERE name = $1 AND owner = $2';
    await this.#session.query(release, name, owner);
  }
}

/**
 * Lets work go on in this transaction only while its lease is held. The row stays locked until the transaction ends, so
 * nobody takes the lease over before what this work wrote is there to be seen.
 * @throws StoreFault when somebody else may have the lease
 */
export async function holdFence(session: Session, { name, token }: Fence): Promise<void> {
  const [held] = await session.query(
    'SELECT token FROM leases WHERE name = $1 AND token = $2 AND until > clock_timestamp() FOR SHARE',
    ...[name, token],
  );
  if (!held) throw new StoreFault(`the lease "${name}" is not held any more: another node does this work`);
}

/** How nodes of one PostgreSQL store know of each other. */
export function sharedStore(session: Session, id: string): SharedStore {
  return {
    id,
    leases: new Leases(session),
    async versions(campaigns: readonly CampaignRef[]): Promise<Touched[]> {
      const byKey = new Map(campaigns.map((ref) => [campaignKey(ref.workspace, ref.campaignId), ref]));
      const rows = await session.rows<{ campaign_key: string; version: number }>('versions', [...byKey.keys()]);
      return rows.flatMap(({ campaign_key: key, version }) => {
        const ref = byKey.get(key);
        return ref ? [{ ...ref, version }] : [];
      });
    },
    async newestVersions(workspaces: readonly string[], most: number): Promise<Touched[]> {
      // One statement each: over several machines a LIMIT of its own for each workspace cannot be asked for in one.
      const found = workspaces.map(async (workspace) => {
        const rows = await session.rows<{ campaign_id: string; version: number }>('newest-versions', workspace, most);
        return rows.map(({ campaign_id: campaignId, version }) => ({ workspace, campaignId, version }));
      });
      return (await Promise.all(found)).flat();
    },
  };
}
