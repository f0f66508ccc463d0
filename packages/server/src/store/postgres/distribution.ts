import { StoreOpenError } from '../store.ts';
import type { Session } from './session.ts';

/*
 * Where the tables lie on Citus. Every server connects to the coordinator: locks by number, and the tables that stay
 * there, are its own.
 */

/** By campaign, all of a campaign's rows on one machine. The first is the one that the others are placed with. */
export const DISTRIBUTED = [
  'campaigns',
  'rollups',
  'buckets',
  'calls',
  'aliases',
  'contacts',
  'numbers',
  'call_events',
  'campaign_events',
  'rescoring',
  'base_rollups',
  'base_buckets',
  'erasing',
  'lists',
  'list_contacts',
  'attempts',
] as const;

/** Copied to every machine: small, read often and written rarely, for a write goes to all of them. */
export const REFERENCE = [
  'workspaces',
  'api_keys',
  'provider_accounts',
  'share_links',
  'settings',
  'control_webhooks',
  'erasures',
  'do_not_call',
] as const;

/** On the coordinator alone, and why. No statement joins one of them with a distributed table. */
export const LOCAL: Readonly<Record<string, string>> = {
  audit: 'its triggers keep it from being altered, and Citus distributes no table that has triggers',
  sessions: 'written with every sign-in and every ticket',
  unassigned: 'counted whole, and emptied by whoever finds the campaign',
  nonces_0: 'written with every callback, emptied by TRUNCATE, and lost without harm',
  nonces_1: 'as nonces_0',
  nonces_2: 'as nonces_0',
  nonce_day: 'one row, locked while the day turns',
  access_version: 'one row, written with every change of access',
  timers: 'few, and looked at whole by one server',
  commands: 'written with commands that must not be carried out twice, and kept for two days',
  leases: 'locked by all work that one server does at a time',
  meta: 'read when a server starts',
  schema_version: 'read when a server starts',
};

/** The column by which rows are placed. */
export const DISTRIBUTION_COLUMN = 'campaign_key';

/** What was done, by table names. */
export interface Distributed {
  readonly distributed: readonly string[];
  readonly references: readonly string[];
}

/**
 * Spreads the tables over the machines of a Citus cluster, those that are not spread yet, with the rows that are in them.
 * @throws StoreOpenError where there is no Citus
 */
export async function distribute(session: Session): Promise<Distributed> {
  const known = await placedTables(session);
  const [first] = DISTRIBUTED;
  const distributed = DISTRIBUTED.filter((table) => !known.has(table));
  for (const table of distributed) {
    const colocation = table === first ? 'none' : first;
    const sql = 'SELECT create_distributed_table($1::regclass, $2, colocate_with => $3)';
    await session.query(sql, table, DISTRIBUTION_COLUMN, colocation);
  }
  const references = REFERENCE.filter((table) => !known.has(table));
  for (const table of references) await session.query('SELECT create_reference_table($1::regclass)', table);
  // The rows that went elsewhere still take room where they were, out of sight.
  for (const table of [...distributed, ...references]) {
    await session.query('SELECT truncate_local_data_after_distributing_table($1::regclass)', table);
  }
  return { distributed, references };
}

/** Tables that Citus knows already. */
async function placedTables(session: Session): Promise<ReadonlySet<string>> {
  const [citus] = await session.query<{ has: boolean }>("SELECT to_regclass('pg_dist_partition') IS NOT NULL AS has");
  if (!citus?.has) {
    throw new StoreOpenError(
      'this PostgreSQL has no Citus: run CREATE EXTENSION citus on all of its machines, or leave out --distributed',
    );
  }
  const placed = await session.query<{ name: string }>('SELECT logicalrelid::text AS name FROM pg_dist_partition');
  return new Set(placed.map(({ name }) => name));
}
