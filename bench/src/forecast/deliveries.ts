import type { CallDelivery, CallEvent, CampaignDelivery, CampaignFacts, Delivery, EndFacts } from '@ringside/core';
import type { Ending, PlacedCall } from './dialer.ts';
import type { Scenario } from './scenario.ts';

/** When every campaign starts, epoch milliseconds. */
export const START = Date.UTC(2025, 7, 7, 9);

export interface Timed {
  readonly at: number;
  readonly delivery: Delivery;
}

const words: Readonly<Record<Ending, EndFacts>> = {
  completed: { status: 'completed', code: 4000, cause: null, source: null, duration: 1 },
  machine: { status: 'machine', code: 9100, cause: null, source: null, duration: 1 },
  busy: { status: 'busy', code: 3010, cause: null, source: null, duration: 0 },
  invalid: { status: 'failed', code: 2000, cause: null, source: null, duration: 0 },
  'no-answer': { status: 'no-answer', code: 3000, cause: null, source: null, duration: 0 },
};

/** Everything that a report server is told of the campaign, in the order of telling. */
export function deliveriesOf(scenario: Scenario, calls: readonly PlacedCall[]): Timed[] {
  const last = Math.max(...calls.map((call) => call.endedAt));
  const timed = [
    registration(scenario),
    ...changes(scenario, last),
    ...calls.flatMap((call, index) => tellings(scenario, call, `call-${index}`)),
  ];
  return timed.sort((a, b) => a.at - b.at);
}

function registration({ contacts, retry, dialer }: Scenario): Timed {
  const facts: CampaignFacts = {
    totalCalls: contacts,
    startedAt: START,
    ...(retry.told === 'policy' && {
      retry: { maxAttempts: retry.maxAttempts, delaySeconds: Math.round(retry.delay / 1_000) },
    }),
    ...(dialer.declared && {
      pace: { concurrency: dialer.concurrency, callsPerSecond: Math.round(1e6 / dialer.spacing) / 1e3 },
    }),
  };
  return { at: START, delivery: { ...campaignSays(START, 'registered'), type: 'facts', registers: true, facts } };
}

function changes(scenario: Scenario, last: number): Timed[] {
  return scenario.breaks
    .filter(({ from, told }) => told === 'changes' && from < last)
    .flatMap(({ from, to }, index) => {
      const say = (after: number, change: 'paused' | 'resumed'): Timed => {
        const at = START + Math.round(after);
        const base = campaignSays(at, `${change}-${index}`);
        return { at, delivery: { ...base, type: 'change', change, reason: null, actor: null } };
      };
      return [say(from, 'paused'), say(to, 'resumed')];
    });
}

type Said = Pick<CampaignDelivery, 'about' | 'hash' | 'source' | 'receivedAt' | 'at'>;

function campaignSays(at: number, hash: string): Said {
  return { about: 'campaign', hash, source: 'api', receivedAt: at, at };
}

function tellings(scenario: Scenario, call: PlacedCall, id: string): Timed[] {
  const started = START + Math.round(call.startedAt);
  const ended = START + Math.round(call.endedAt);
  const initiated: CallEvent = { type: 'initiated', at: started, timing: 'exact' };
  const end: CallEvent = {
    type: 'ended',
    at: ended,
    timing: 'exact',
    end: words[call.ending],
    billDuration: null,
    cost: null,
    digits: null,
    recordingUrl: null,
    retryDueAt: scenario.retry.told === 'announced' && call.dueAt !== null ? START + Math.round(call.dueAt) : null,
  };
  const say = (at: number, what: string, events: CallEvent[]): Timed => {
    const delivery: CallDelivery = {
      about: 'call',
      hash: `${what}-${id}`,
      source: 'callback',
      receivedAt: at,
      aliases: [{ kind: 'call', id }],
      to: null,
      from: null,
      contactId: String(call.contact),
      attributes: null,
      events,
    };
    return { at, delivery };
  };
  if (!scenario.startsSeen) return [say(ended, 'hangup', [initiated, end])];
  return [say(started, 'start', [initiated]), say(ended, 'hangup', [end])];
}
