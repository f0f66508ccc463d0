import type { Blocker } from '@ringside/protocol';
import { type Campaign, fact, type Hold, isBuiltIn } from '../campaign.ts';
import type { HoldCode } from '../event.ts';
import { iso } from '../instant.ts';
import { zonesAsked } from './calling-hours.ts';
import { isShut, opensAt, zonesOf } from './campaign-hours.ts';
import { isKnownZone } from './local-time.ts';

/** What is left to start: something now, only retries that are not due, nothing, or nobody knows. */
export type Left = 'now' | 'later' | 'nothing' | 'unknown';

/** What the dialer could be told to do next, at a moment. */
export interface Dialing {
  readonly campaign: Campaign;
  readonly left: Left;
  /** Calls that are live, those in doubt included. */
  readonly active: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Said where the dialer gave no words of its own. */
const holdWords: Readonly<Record<HoldCode, string>> = {
  'out-of-credits': 'The provider account is out of credits: top it up, dialing goes on by itself.',
  'account-refused': 'The provider refuses the account’s credentials: check its auth id and token in the settings.',
  'no-account': 'The workspace has no provider account: add one in the settings.',
  'breaker-open': 'Too many calls failed in a row: look at why, then resume it.',
  'provider-unavailable': 'The provider does not answer: dialing goes on by itself when it does.',
  'account-limit': 'The provider account’s other calls take up its limit: dialing goes on as they end.',
  'rate-limited': 'The provider asks for a slower pace: dialing goes on by itself.',
  'needs-person': 'It could not be proved whether some attempts were placed: look at them and decide.',
};

/** Holds that somebody must do something about, before those that pass. */
const needSomebody: ReadonlySet<HoldCode> = new Set([
  'out-of-credits',
  'account-refused',
  'no-account',
  'breaker-open',
  'provider-unavailable',
]);
const pass: ReadonlySet<HoldCode> = new Set(['account-limit', 'rate-limited']);

/** What keeps a campaign that may dial from starting calls, the one that counts first. Asked of open campaigns only. */
export function stopsOf(dialing: Dialing): Blocker[] {
  const { campaign, left, now } = dialing;
  if (left === 'nothing') return isBuiltIn(campaign) ? [nothingLeft(campaign)] : [];
  const shut = shutBlockers(campaign, now);
  if (!isBuiltIn(campaign)) return shut;
  return [
    ...holdBlockers(dialing, needSomebody),
    ...deadlineBlockers(campaign, now),
    ...shut,
    ...callerIdBlockers(campaign),
    ...holdBlockers(dialing, pass),
  ];
}

/** What is normal, or wants to be looked at, while calls are started all the same. Asked of open campaigns only. */
export function notesOf(dialing: Dialing): Blocker[] {
  if (!isBuiltIn(dialing.campaign)) return [];
  // Where nothing else is left, an attempt in doubt is what the campaign's end waits for.
  const asks = holdBlockers(dialing, new Set(['needs-person']));
  return dialing.left === 'nothing' ? asks : [...asks, ...concurrencyBlockers(dialing)];
}

function nothingLeft(campaign: Campaign): Blocker {
  const message =
    (fact(campaign, 'totalCalls') ?? 0) === 0
      ? 'There is nobody on its list: upload contacts.'
      : 'Nobody is left to be called: it ends when its last calls are settled. Upload more contacts to go on.';
  return { code: 'nothing-left', message, until: null };
}

function holdBlockers({ campaign, now }: Dialing, codes: ReadonlySet<HoldCode>): Blocker[] {
  const hold = holdAt(campaign, now);
  if (hold === null || hold.code === null || !codes.has(hold.code)) return [];
  const until = hold.until === null ? null : iso(hold.until);
  return [{ code: hold.code, message: hold.message ?? holdWords[hold.code], until }];
}

/** A hold whose time is over holds no more, whether or not the dialer has said so. */
function holdAt(campaign: Campaign, now: number): Hold | null {
  const hold = campaign.hold?.value;
  if (hold === undefined || (hold.until !== null && hold.until <= now)) return null;
  return hold;
}

function deadlineBlockers(campaign: Campaign, now: number): Blocker[] {
  const deadline = fact(campaign, 'deadline');
  if (deadline === null || deadline > now) return [];
  const message = `Its deadline of ${iso(deadline)} has passed: set a later one to go on.`;
  return [{ code: 'deadline-passed', message, until: null }];
}

function shutBlockers(campaign: Campaign, now: number): Blocker[] {
  if (!isShut(campaign, now)) return [];
  const opening = opensAt(campaign, now);
  const message =
    opening === null
      ? `Outside the calling hours, which never open again: ${unopened(campaign)}.`
      : 'Outside the calling hours: dialing goes on by itself when they open.';
  return [{ code: 'outside-calling-window', message, until: opening === null ? null : iso(opening) }];
}

function unopened(campaign: Campaign): string {
  const windows = fact(campaign, 'windows');
  const unknown = zonesAsked(windows, zonesOf(campaign)).find((zone) => !isKnownZone(zone));
  if (unknown === undefined) return 'change the windows or the holidays';
  return `this server does not know the time zone ${unknown}, so choose another, or update Node.js`;
}

function callerIdBlockers(campaign: Campaign): Blocker[] {
  if ((fact(campaign, 'dial')?.callerIds.length ?? 0) > 0) return [];
  return [{ code: 'no-caller-id', message: 'It has no caller id to call from: set one.', until: null }];
}

function concurrencyBlockers({ campaign, left, active }: Dialing): Blocker[] {
  const limit = fact(campaign, 'pace')?.concurrency;
  if (left !== 'now' || limit === undefined || active < limit) return [];
  const message = `All ${limit} calls that may be live at once are: the next starts when one ends.`;
  return [{ code: 'concurrency-reached', message, until: null }];
}
