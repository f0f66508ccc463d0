import { rowsOf, type Steps } from '../access/steps.ts';
import type { CampaignRef } from '../among-nodes.ts';
import { campaignKey } from '../campaign-key.ts';
import type { QueueFacts } from './dial-store.ts';
import { listFacts } from './list.ts';

/** A contact of whom something is due. */
export interface Candidate {
  readonly position: number;
  readonly contact_key: string;
  readonly contact_id: string | null;
  readonly number: string;
  readonly zone: string;
  readonly attributes: string | null;
  readonly attempts: number;
  readonly due_at: number;
}

/** A list may be long, and whoever asks wants to know whether there is anything: counts stop here. */
export const MOST_COUNTED = 10_000;
/** Zones that one statement looks at. */
const ZONES_AT_ONCE = 16;

/*
 * The statements ask for the order of `list_contacts_due`, also where they need none: by any other index PostgreSQL would
 * look at all contacts that were called already.
 */
const COLUMNS = 'position, contact_key, contact_id, number, zone, attributes, attempts, due_at';

/** Those of whom something is due: retries first, the oldest before all, then who was never called, as uploaded. */
export function* candidates(
  ref: CampaignRef,
  openZones: readonly string[],
  { most, now }: { readonly most: number; readonly now: number },
): Steps<readonly Candidate[]> {
  const zones = yield* zonesOf(ref, openZones);
  const key = campaignKey(ref.workspace, ref.campaignId);
  const retries = yield* eachZone<Candidate>(
    { zones, columns: COLUMNS, values: [key, now, most] },
    (zone) => `SELECT ${COLUMNS} FROM list_contacts
      WHERE campaign_key = $1 AND zone = ${zone} AND due_at > 0 AND due_at <= $2 ORDER BY due_at, position LIMIT $3`,
  );
  const first = [...retries].sort((a, b) => a.due_at - b.due_at || a.position - b.position).slice(0, most);
  if (first.length === most) return first;
  const fresh = yield* eachZone<Candidate>(
    { zones, columns: COLUMNS, values: [key, most - first.length] },
    (zone) => `SELECT ${COLUMNS} FROM list_contacts
      WHERE campaign_key = $1 AND zone = ${zone} AND due_at <= 0 ORDER BY due_at, position LIMIT $2`,
  );
  return [...first, ...[...fresh].sort((a, b) => a.position - b.position)].slice(0, most);
}

/** @param openZones `null` counts all zones as open */
export function* queueFacts(ref: CampaignRef, openZones: readonly string[] | null, now: number): Steps<QueueFacts> {
  const key = campaignKey(ref.workspace, ref.campaignId);
  const counted = yield* eachZone<{ n: number }>(
    { zones: yield* zonesOf(ref, openZones), columns: 'n', values: [key, now] },
    (zone) => `SELECT count(*) AS n FROM (SELECT position FROM list_contacts
      WHERE campaign_key = $1 AND zone = ${zone} AND due_at <= $2
      ORDER BY due_at, position LIMIT ${MOST_COUNTED}) AS due`,
  );
  const waiting = yield* eachZone<{ n: number }>(
    { zones: yield* zonesOf(ref, null), columns: 'n', values: [key] },
    (zone) => `SELECT count(*) AS n FROM (SELECT position FROM list_contacts
      WHERE campaign_key = $1 AND zone = ${zone} AND due_at >= 0
      ORDER BY due_at, position LIMIT ${MOST_COUNTED}) AS due`,
  );
  const earliest = yield* eachZone<{ due_at: number }>(
    { zones: yield* zonesOf(ref, null), columns: 'due_at', values: [key] },
    (zone) => `SELECT due_at FROM list_contacts
      WHERE campaign_key = $1 AND zone = ${zone} AND due_at > 0 ORDER BY due_at LIMIT 1`,
  );
  const dueTimes = earliest.map(({ due_at: dueAt }) => dueAt);
  const nextDueAt = dueTimes.length === 0 ? null : Math.min(...dueTimes);
  return { ready: sumOf(counted), waiting: sumOf(waiting), nextDueAt };
}

/**
 * Lets contacts wait no longer than was decided, from now on, where the clock was set back since it was. The calling hours
 * are looked at again when they are taken.
 */
export function* hastenRetries({ workspace, campaignId }: CampaignRef, now: number): Steps<void> {
  yield* rowsOf(
    `UPDATE list_contacts SET due_at = $2 + list_contacts.due_at - attempts.settled_at FROM attempts
     WHERE list_contacts.campaign_key = $1 AND list_contacts.due_at > $2
       AND attempts.campaign_key = $1 AND attempts.attempt_id = list_contacts.last_attempt AND attempts.settled_at > $2`,
    ...[campaignKey(workspace, campaignId), now],
  );
}

function sumOf(counts: readonly { readonly n: number }[]): number {
  return Math.min(
    MOST_COUNTED,
    counts.reduce((sum, { n }) => sum + n, 0),
  );
}

/** The zones that occur on the list, of these ones. */
function* zonesOf(ref: CampaignRef, wanted: readonly string[] | null): Steps<readonly string[]> {
  const zones = Object.keys((yield* listFacts(ref))?.zones ?? {}).sort();
  return wanted === null ? zones : zones.filter((zone) => wanted.includes(zone));
}

interface EachZone {
  readonly zones: readonly string[];
  /** What the statement selects. */
  readonly columns: string;
  /** `$1` and on; the zone comes after them. */
  readonly values: readonly (string | number)[];
}

/** The same for each zone: the index goes by zone first, so that each of them costs no more than what it yields. */
function* eachZone<R>({ zones, columns, values }: EachZone, sql: (zone: string) => string): Steps<readonly R[]> {
  const found: R[] = [];
  for (let at = 0; at < zones.length; at += ZONES_AT_ONCE) {
    const some = zones.slice(at, at + ZONES_AT_ONCE);
    const arms = some.map((_, index) => `(${sql(`$${values.length + index + 1}`)}) AS zone_${index}`);
    const union = arms.map((arm) => `SELECT ${columns} FROM ${arm}`).join(' UNION ALL ');
    found.push(...(yield* rowsOf<R>(union, ...values, ...some)));
  }
  return found;
}
