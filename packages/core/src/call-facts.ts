import type { LeadStatus, Outcome } from '@ringside/protocol';
import type { Call } from './call.ts';
import { outcomeOf } from './hangup.ts';

/** What follows from a call's record; the counters are made of these. Times are epoch milliseconds. */
export interface CallFacts {
  /** When the call was placed. `null` while nothing but a note or a verdict is known of it. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly answered: boolean;
  /** Answered and not judged a machine. */
  readonly human: boolean;
  readonly machine: boolean;
  /** `null` while the call is live. */
  readonly outcome: Outcome | null;
  /** Talk time in whole seconds, 0 for a call that nobody answered, `null` where nobody said. */
  readonly talkSeconds: number | null;
  /** Exact answer time − exact placing time. */
  readonly ringMs: number | null;
  /** The callee hung up within {@link SHORT_CALL_SECONDS}. */
  readonly short: boolean;
  readonly lead: LeadStatus | null;
}

/** An answered call that the callee ends within this many seconds is a short call. */
export const SHORT_CALL_SECONDS = 6;

const MACHINE_DETECTED = 9100;

/** Derives the facts of a call. Pure: the same record gives the same facts. */
export function factsOf(call: Call): CallFacts {
  const end = call.ended?.value;
  const machine = call.answeredBy?.value === 'machine' || end?.code === MACHINE_DETECTED || end?.status === 'machine';
  const answered = call.answered !== undefined || machine || (end?.status === 'completed' && (end.duration ?? 0) > 0);
  const outcome = end ? outcomeOf(end, answered, machine) : null;
  const talkSeconds = end ? talkOf(call, answered) : null;
  return {
    startedAt: startOf(call),
    endedAt: call.ended?.at ?? null,
    answered,
    human: answered && !machine,
    machine,
    outcome,
    talkSeconds,
    ringMs: ringOf(call),
    short: answered && talkSeconds !== null && talkSeconds <= SHORT_CALL_SECONDS && endedByCallee(end?.source ?? null),
    lead: leadOf(call, answered, machine, outcome),
  };
}

/** True once something shows that the call was really placed. */
export function wasPlaced(call: Call): boolean {
  return (call.initiated ?? call.ringing ?? call.answered ?? call.answeredBy ?? call.ended) !== undefined;
}

function startOf(call: Call): number | null {
  if (call.initiated) return call.initiated.at;
  const heard = [call.ringing?.at, call.answered?.at].filter((at) => at !== undefined);
  if (heard.length > 0) return Math.min(...heard);
  if (call.ended) return call.ended.at - (call.ended.value.duration ?? 0) * 1000;
  return null;
}

/** The provider's own figure wins; else it is counted up from exact times, as providers round. */
function talkOf(call: Call, answered: boolean): number | null {
  const stated = call.ended?.value.duration ?? null;
  if (stated !== null) return stated;
  if (call.ended?.value.status === 'lost') return null;
  if (!answered) return 0;
  if (!call.answered || call.answered.provisional || !call.ended) return null;
  return Math.max(0, Math.ceil((call.ended.at - call.answered.at) / 1000));
}

function ringOf(call: Call): number | null {
  const { initiated, answered } = call;
  if (!initiated || !answered || initiated.provisional || answered.provisional) return null;
  const ring = answered.at - initiated.at;
  return ring >= 0 ? ring : null;
}

/** The callee hung up first, in either of the provider's words. */
export function endedByCallee(source: string | null): boolean {
  const who = source?.toLowerCase();
  return who === 'callee' || who === 'call recipient';
}

/** An explicit verdict always wins; nobody is no lead and a machine a cold one; else what the rules made of it. */
function leadOf(call: Call, answered: boolean, machine: boolean, outcome: Outcome | null): LeadStatus | null {
  if (call.lead) return call.lead.value.status;
  if (outcome === null || outcome === 'lost') return null;
  if (!answered) return 'no-answer';
  return machine ? 'cold' : (call.score?.status ?? null);
}
