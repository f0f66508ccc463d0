import type { Blocker, Phase } from '@ringside/protocol';
import { type Change, fact } from './campaign.ts';
import type { Left } from './dialing/stops.ts';
import type { CampaignState } from './fold-work.ts';
import { iso } from './instant.ts';
import { waitingGroups } from './ledger.ts';
import { MINUTE_MS, type Rollup } from './rollup.ts';

export interface BlockerFacts {
  readonly state: CampaignState;
  readonly rollup: Rollup;
  readonly phase: Phase;
  readonly left: Left;
  /** The last word about the campaign that still counts. */
  readonly last: Change | null;
  /** What keeps it from starting calls, see `stopsOf`. */
  readonly stops: readonly Blocker[];
  /** What is said of it while it goes on, see `notesOf`. */
  readonly notes: readonly Blocker[];
  readonly now: number;
}

/** A fault that was seen this long ago no longer speaks of now. */
const FAULT_LASTS_MS = 60 * MINUTE_MS;

const faultWords: Readonly<Record<string, string>> = {
  'answer-xml-missing':
    'Calls are hung up on answer: the answer URL has no ?next=, and the campaign has no answer XML. Set one of them.',
};

/** Who pauses a campaign of which too many calls fail; the reason it gives is the evidence. */
export const BREAKER = 'breaker';

/** Why nothing may start now, the one that counts first, then why calls fail; until when where that is known. */
export function blockersOf(facts: BlockerFacts): Blocker[] {
  return [...reasonsOf(facts), ...faultBlockers(facts), ...facts.notes];
}

/** Why no call is started; the first is the reason. */
export function reasonsOf(facts: BlockerFacts): Blocker[] {
  return [...wordBlockers(facts), ...facts.stops, ...retryBlockers(facts), ...silenceBlockers(facts)];
}

function wordBlockers({ phase, last }: BlockerFacts): Blocker[] {
  const why = last?.reason ? `: ${last.reason}` : '';
  if (phase === 'paused' || phase === 'pausing') {
    const code = last?.actor === BREAKER ? 'breaker-open' : 'paused';
    const until = last?.until === undefined ? null : iso(last.until);
    const how = `${last?.actor ? ` by ${last.actor}` : ''}${until === null ? '' : ` until ${until}`}${why}`;
    const message = phase === 'paused' ? `Paused${how}.` : `Pausing${how}; live calls finish first.`;
    return [{ code, message, until }];
  }
  if (phase === 'failed')
    return [{ code: 'failed', message: last?.reason ?? 'The dialer reported a fault.', until: null }];
  return [];
}

function retryBlockers({ state, rollup, phase, left, now }: BlockerFacts): Blocker[] {
  if (phase !== 'waiting' || left !== 'later') return [];
  const [next] = waitingGroups(state.campaign, rollup, now);
  const until = next && next.dueAt > now ? iso(next.dueAt) : null;
  return [{ code: 'retry-not-due', message: 'Only retries are left, and none is due yet.', until }];
}

function silenceBlockers({ state, phase }: BlockerFacts): Blocker[] {
  if (phase !== 'stalled') return [];
  const since = state.lastAt === null ? '' : ` since ${iso(state.lastAt)}`;
  const message = `Nothing was heard of this campaign${since}, much longer than usual.`;
  return [{ code: 'no-events', message, until: null }];
}

/** Faults that the server itself met and stored, unless they were mended since. */
function faultBlockers({ state, now }: BlockerFacts): Blocker[] {
  const { campaign } = state;
  const met = Object.entries(campaign.faults ?? {}).filter(([, at]) => at > now - FAULT_LASTS_MS);
  const codes = new Set(met.map(([code]) => code));
  if (fact(campaign, 'answerXml') !== null) codes.delete('answer-xml-missing');
  return [...codes].sort().map((code) => ({ code, message: faultWords[code] ?? code, until: null }));
}
