import type { Blocker, Phase } from '@ringside/protocol';
import { type Change, fact } from './campaign.ts';
import type { CampaignState } from './fold-work.ts';
import { waitingGroups } from './ledger.ts';
import { iso } from './rates.ts';
import { MINUTE_MS, type Rollup } from './rollup.ts';

export interface BlockerFacts {
  readonly state: CampaignState;
  readonly rollup: Rollup;
  readonly phase: Phase;
  /** The last word about the campaign that still counts. */
  readonly last: Change | null;
  readonly now: number;
}

/** A fault that was seen this long ago no longer speaks of now. */
const FAULT_LASTS_MS = 60 * MINUTE_MS;

const faultWords: Readonly<Record<string, string>> = {
  'answer-xml-missing':
    'Calls are hung up on answer: the answer URL has no ?next=, and the campaign has no answer XML. Set one of them.',
};

/** Why nothing may start now, or why calls fail, in words, and until when where that is known. */
export function blockersOf(facts: BlockerFacts): Blocker[] {
  return [...wordBlockers(facts), ...waitBlockers(facts), ...faultBlockers(facts)];
}

function wordBlockers({ phase, last }: BlockerFacts): Blocker[] {
  const by = last?.actor ? ` by ${last.actor}` : '';
  const why = last?.reason ? `: ${last.reason}` : '';
  if (phase === 'paused') return [{ code: 'paused', message: `Paused${by}${why}.`, until: null }];
  if (phase === 'pausing')
    return [{ code: 'paused', message: `Pausing${by}${why}; live calls finish first.`, until: null }];
  if (phase === 'failed')
    return [{ code: 'failed', message: last?.reason ?? 'The dialer reported a fault.', until: null }];
  return [];
}

function waitBlockers({ state, rollup, phase, now }: BlockerFacts): Blocker[] {
  if (phase === 'stalled') {
    const since = state.lastAt === null ? '' : ` since ${iso(state.lastAt)}`;
    return [
      {
        code: 'no-events',
        message: `Nothing was heard of this campaign${since}, much longer than usual.`,
        until: null,
      },
    ];
  }
  if (phase !== 'waiting') return [];
  const [next] = waitingGroups(state.campaign, rollup, now);
  const until = next && next.dueAt > now ? iso(next.dueAt) : null;
  return [{ code: 'retry-not-due', message: 'Only retries are left, and none is due yet.', until }];
}

/** Faults that the server itself met and stored, unless they were mended since. */
function faultBlockers({ state, now }: BlockerFacts): Blocker[] {
  const { campaign } = state;
  const codes = new Set(
    campaign.history
      .filter((entry) => entry.type === 'fault' && entry.at <= now && entry.at > now - FAULT_LASTS_MS)
      .map((entry) => (entry.type === 'fault' ? entry.code : '')),
  );
  if (fact(campaign, 'answerXml') !== null) codes.delete('answer-xml-missing');
  return [...codes].sort().map((code) => ({ code, message: faultWords[code] ?? code, until: null }));
}
