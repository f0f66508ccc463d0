import type { Outcome, RetryPolicy } from '@ringside/protocol';
import { counted } from '../format.ts';

/** What a rule about calling again says, as it stands in fields; empty is as usual. */
export interface RuleText {
  readonly attempts: string;
  readonly minutes: string;
}

export type RetriedOutcome = Exclude<Outcome, 'completed' | 'lost'>;

/** How often a contact is tried, as it stands in fields. */
export interface RetryText extends RuleText {
  readonly outcomes: Readonly<Record<RetriedOutcome, RuleText>>;
}

export const retriedOutcomes: readonly RetriedOutcome[] = [
  'no-answer',
  'busy',
  'machine',
  'rejected',
  'unreachable',
  'failed',
  'canceled',
  'app-error',
  'invalid',
  'blocked',
];

const asUsual: RuleText = { attempts: '', minutes: '' };
const neverAgain: RuleText = { attempts: '1', minutes: '' };

/** Three calls an hour apart; not again where no call can get through. */
export const usualRetry: RetryText = {
  attempts: '3',
  minutes: '60',
  outcomes: {
    ...noRules(),
    busy: { attempts: '', minutes: '10' },
    invalid: neverAgain,
    blocked: neverAgain,
  },
};

export function retryText(retry: RetryPolicy | null): RetryText {
  if (retry === null) return { attempts: '1', minutes: '60', outcomes: noRules() };
  const outcomes = { ...noRules() };
  for (const outcome of retriedOutcomes) {
    const rule = retry.outcomes?.[outcome];
    if (rule) outcomes[outcome] = { attempts: textOf(rule.maxAttempts), minutes: minutesText(rule.delaySeconds) };
  }
  return { attempts: String(retry.maxAttempts), minutes: minutesText(retry.delaySeconds), outcomes };
}

export function retryOf({ attempts, minutes, outcomes }: RetryText): RetryPolicy {
  const rules = Object.fromEntries(
    retriedOutcomes
      .map((outcome) => [outcome, ruleOf(outcomes[outcome])] as const)
      .filter(([, rule]) => Object.keys(rule).length > 0),
  );
  return {
    maxAttempts: Number(attempts || 1),
    delaySeconds: seconds(minutes || '0'),
    ...(Object.keys(rules).length === 0 ? {} : { outcomes: rules }),
  };
}

/** `up to 3 calls, 60 min apart; otherwise after 2 outcomes` */
export function retryLine(retry: RetryPolicy | null): string {
  if (retry === null || retry.maxAttempts === 1) return 'each contact is called once';
  const others = Object.keys(retry.outcomes ?? {}).length;
  const rest = others === 0 ? '' : `; otherwise after ${counted(others, 'outcome')}`;
  return `up to ${retry.maxAttempts} calls, ${minutesText(retry.delaySeconds)} min apart${rest}`;
}

function ruleOf({ attempts, minutes }: RuleText) {
  return {
    ...(attempts === '' ? {} : { maxAttempts: Number(attempts) }),
    ...(minutes === '' ? {} : { delaySeconds: seconds(minutes) }),
  };
}

function noRules(): Record<RetriedOutcome, RuleText> {
  return Object.fromEntries(retriedOutcomes.map((outcome) => [outcome, asUsual])) as Record<RetriedOutcome, RuleText>;
}

function seconds(minutes: string): number {
  return Math.round(Number(minutes) * 60);
}

function minutesText(delaySeconds: number | undefined): string {
  return delaySeconds === undefined ? '' : String(Math.round(delaySeconds / 6) / 10);
}

function textOf(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}
