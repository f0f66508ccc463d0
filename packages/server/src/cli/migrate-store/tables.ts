import type { Value } from '../../store/access/steps.ts';

type StoredRow = Readonly<Record<string, Value>>;

/** A table whose rows go over one by one. */
export interface TableToMove {
  readonly name: string;
  /** Columns that tell its rows apart, after the campaign where they belong to one: the order in which they go. */
  readonly key: readonly string[];
  /** The row as PostgreSQL has it. */
  readonly rowOf: (row: StoredRow) => StoredRow;
}

const asItIs = (row: StoredRow): StoredRow => row;

function table(name: string, key: readonly string[], rowOf = asItIs): TableToMove {
  return { name, key, rowOf };
}

/**
 * Tables that belong to no campaign. Sessions and tickets stay behind: they are short-lived, and people sign in again.
 * `meta`, `access_version` and `nonce_day` hold one value each, which is taken over when a move begins.
 */
export const STORE_TABLES: readonly TableToMove[] = [
  table('workspaces', ['id']),
  table('api_keys', ['id']),
  table('provider_accounts', ['id']),
  table('share_links', ['id']),
  table('audit', ['id']),
  table('settings', ['workspace']),
  table('control_webhooks', ['workspace']),
  table('erasures', ['workspace', 'token']),
  table('do_not_call', ['workspace', 'number']),
  table('timers', ['workspace', 'campaign_id', 'what']),
  table('commands', ['workspace', 'key']),
  table('unassigned', ['id']),
  table('nonces_0', ['nonce']),
  table('nonces_1', ['nonce']),
  table('nonces_2', ['nonce']),
];

/** Tables of a campaign, but for its own record and its sums. Deliveries go first: all else follows from them. */
export const CAMPAIGN_TABLES: readonly TableToMove[] = [
  table('call_events', ['seq'], ({ id: _id, ...row }) => row),
  table('campaign_events', ['event_key'], ({ id: _id, ...row }) => row),
  table('calls', ['call_row'], (row) => ({ ...row, id: firstDelivery(row) })),
  table('aliases', ['alias']),
  table('contacts', ['contact_key']),
  table('numbers', ['number']),
  table('base_rollups', ['campaign_key']),
  table('base_buckets', ['minute']),
  // Scoring begins again: places in a campaign's calls are others, and what is scored already stays as it is.
  table('rescoring', ['campaign_key'], ({ campaign_key: key = null }) => ({ campaign_key: key, after_row: '' })),
  table('erasing', ['campaign_key']),
  table('lists', ['campaign_key']),
  table('list_contacts', ['position']),
  table('attempts', ['attempt_id']),
];

/** PostgreSQL tells calls apart by the delivery that made them. */
function firstDelivery({ seqs }: StoredRow): number {
  return (JSON.parse(String(seqs)) as number[])[0] ?? 0;
}
