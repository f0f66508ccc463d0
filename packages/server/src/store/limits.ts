import type { EventLimit } from '@ringside/core';
import type { Limits } from '@ringside/protocol';

/** The feed of a report never shows more calls. */
export const MOST_RECENT = 100;

/** Campaigns that callbacks alone may create, per workspace. */
export const UNREGISTERED_LIMIT = 1_000;

/** The longest call of a campaign that declares none: what the provider itself allows unless it is asked for another limit. */
export const DEFAULT_MAX_CALL_SECONDS = 4 * 3_600;

/** The workspace that everything belongs to that names none. */
export const DEFAULT_WORKSPACE = 'default';

/** Limits of a workspace that was given none: much for a client, little for a machine. */
export const USUAL_LIMITS: Limits = { requestsPerSecond: 500, keyRequestsPerSecond: 200, eventsPerSecond: 5_000 };

/** The workspace of simulated campaigns. It has no provider account, whatever is stored, so nothing in it can call anybody. */
export const SIMULATION_WORKSPACE = 'ringside-simulation';

/** Campaigns of an overview: the newest. */
export const MOST_CAMPAIGNS = 500;

/** Changes that a campaign takes from its dialer in a day: more than one a minute. A person's come beside them. */
export const CHANGES_PER_DAY = 2_000;

/** Events that a call takes from its dialer. */
export const EVENTS_PER_CALL = 500;

/** What is taken from a dialer: the limits hold where an item says so. */
export function eventLimit(items: readonly { readonly isLimited?: boolean | undefined }[]): EventLimit {
  const holds = (index: number): boolean => items[index]?.isLimited ?? false;
  return { changesPerDay: CHANGES_PER_DAY, perCall: EVENTS_PER_CALL, holds };
}
