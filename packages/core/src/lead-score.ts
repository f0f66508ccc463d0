import type { LeadRules, LeadStatus } from '@ringside/protocol';
import type { Call } from './call.ts';
import { type CallFacts, endedByCallee, factsOf } from './call-facts.ts';

/** A rule's verdict on a call, with what led to it. */
export interface LeadScore {
  readonly status: 'hot' | 'warm' | 'cold';
  /** 0 to 100. */
  readonly score: number;
  /** One line per rule that applied, such as `talked 95 s: +40`. */
  readonly reasons: readonly string[];
}

/** What a call's lead comes to, and how. */
export interface Lead {
  readonly status: LeadStatus | null;
  readonly score: number | null;
  readonly reasons: readonly string[];
  /** `verdict`: a bot or a person said so; `rule`: it follows from the call; `none`: nothing can be said. */
  readonly from: 'verdict' | 'rule' | 'none';
}

/**
 * The lead status of a call: an explicit verdict always wins; a call that nobody answered is `no-answer`, one that a
 * machine answered `cold`; a human call that ended is scored by the rules. A live call, and one that got lost, has none.
 */
export function leadOf(call: Call, rules: LeadRules, facts: CallFacts = factsOf(call)): Lead {
  if (call.lead) {
    const { status, score, reason } = call.lead.value;
    return { status, score, reasons: reason === null ? [] : [reason], from: 'verdict' };
  }
  if (facts.outcome === null || facts.outcome === 'lost')
    return { status: null, score: null, reasons: [], from: 'none' };
  if (!facts.answered) return { status: 'no-answer', score: null, reasons: ['nobody answered'], from: 'rule' };
  if (facts.machine) return { status: 'cold', score: 0, reasons: ['a machine answered'], from: 'rule' };
  return { ...scoreOf(call, facts, rules), from: 'rule' };
}

/** The score of a call that a human answered and that has ended. */
export function scoreOf(call: Call, facts: CallFacts, rules: LeadRules): LeadScore {
  const applied: [text: string, points: number][] = [['a person answered', rules.base]];
  const seconds = facts.talkSeconds;
  if (seconds !== null) {
    const step = [...rules.talk]
      .sort((a, b) => b.atLeastSeconds - a.atLeastSeconds)
      .find((s) => seconds >= s.atLeastSeconds);
    if (step) applied.push([`talked ${seconds} s`, step.points]);
    const early = rules.calleeHungUpWithin;
    if (early && seconds <= early.seconds && endedByCallee(call.ended?.value.source ?? null)) {
      applied.push([`hung up after ${seconds} s`, early.points]);
    }
  }
  const pressed = call.digits?.value;
  if (pressed) applied.push([`pressed ${pressed}`, rules.digits[pressed] ?? rules.anyDigits]);
  const counted = applied.filter(([, points]) => points !== 0);
  const score = Math.min(
    100,
    Math.max(
      0,
      counted.reduce((sum, [, points]) => sum + points, 0),
    ),
  );
  const status = score >= rules.hotFrom ? 'hot' : score >= rules.warmFrom ? 'warm' : 'cold';
  return { status, score, reasons: counted.map(([text, points]) => `${text}: ${points > 0 ? '+' : ''}${points}`) };
}
