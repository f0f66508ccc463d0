import type { LeadRules } from '@ringside/protocol';
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

/**
 * The call with its score: what the rules make of a call that a human answered and that has ended. It stays beneath an
 * explicit verdict, which always wins.
 */
export function scored(call: Call, rules: LeadRules): Call {
  const facts = factsOf(call);
  const counts = facts.human && facts.outcome !== null && facts.outcome !== 'lost';
  const score = counts ? scoreOf(call, facts, rules) : undefined;
  return isDeepEqual(score, call.score) ? call : { ...call, score };
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

function isDeepEqual(a: LeadScore | undefined, b: LeadScore | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.status === b.status && a.score === b.score && a.reasons.join('\n') === b.reasons.join('\n');
}
