import { defaultSettings, type LeadRules } from '@ringside/protocol';
import type { Call } from './call.ts';
import { type CallFacts, endedByCallee, factsOf } from './call-facts.ts';
import { type Campaign, fact } from './campaign.ts';
import type { Attempt } from './contact.ts';

/** A rule's verdict on a call, with what led to it. */
export interface LeadScore {
  readonly status: 'hot' | 'warm' | 'cold';
  /** 0 to 100. */
  readonly score: number;
  /** One line per rule that applied, such as `talked 95 s: +40`. */
  readonly reasons: readonly string[];
}

/** The rules by which a campaign's calls are scored. */
export function rulesOf(campaign: Campaign): LeadRules {
  return fact(campaign, 'leadRules') ?? defaultSettings.leadRules;
}

/** A call that the rules may score: a human answered and it has ended. */
export function isScored({ human, outcome }: Pick<Attempt, 'human' | 'outcome'>): boolean {
  return human && outcome !== null && outcome !== 'lost';
}

/**
 * True where a call's score depends on its place among its contact's attempts. Where it does not, nobody need know that
 * place: it may be given as 1.
 */
export function countsAttempts({ repeatAttempts = [] }: LeadRules): boolean {
  return repeatAttempts.some(({ points }) => points !== 0);
}

/**
 * The call with its score: what the rules make of a call that a human answered and that has ended. It stays beneath an
 * explicit verdict, which always wins.
 * @param attempt the call's place among its contact's attempts, 1 for the first
 */
export function scored(call: Call, rules: LeadRules, attempt: number): Call {
  const facts = factsOf(call);
  const score = isScored(facts) ? scoreOf(call, facts, rules, attempt) : undefined;
  return isDeepEqual(score, call.score) ? call : { ...call, score };
}

function scoreOf(call: Call, facts: CallFacts, rules: LeadRules, attempt: number): LeadScore {
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
  const repeat = [...(rules.repeatAttempts ?? [])]
    .sort((a, b) => b.fromAttempt - a.fromAttempt)
    .find((s) => attempt >= s.fromAttempt);
  if (repeat) applied.push([`${ordinal(attempt)} attempt`, repeat.points]);
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

function ordinal(n: number): string {
  const isTeen = Math.floor(n / 10) % 10 === 1;
  return `${n}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}

function isDeepEqual(a: LeadScore | undefined, b: LeadScore | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.status === b.status && a.score === b.score && a.reasons.join('\n') === b.reasons.join('\n');
}
