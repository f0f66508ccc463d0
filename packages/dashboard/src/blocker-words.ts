import type { Blocker } from '@ringside/protocol';
import { formatMinute } from './format.ts';
import type { Moment } from './readers.ts';

/** What helps against a blocker. */
export type Help = 'resume' | 'hours' | 'contacts' | 'retry-failed' | 'accounts' | 'doubtful';

interface BlockerWord {
  /** In a row of the list; `null` where the message itself says more in as few words. */
  readonly short: string | null;
  /**
   * Whether somebody must do something: always, never, or where it does not end by itself. `quiet` is how dialing goes
   * when all is well, and no trouble at all.
   */
  readonly urgent: 'always' | 'never' | 'without-end' | 'quiet';
  /** What happens at its end. */
  readonly end: string;
  readonly help: Help | null;
}

const usual = { urgent: 'without-end', end: 'Until', help: null } as const;

/** Every reason for which a campaign does not dial. */
export const blockerWords: Readonly<Record<string, BlockerWord>> = {
  paused: { short: null, urgent: 'never', end: 'Resumes by itself at', help: 'resume' },
  failed: { ...usual, short: null, urgent: 'always', help: 'resume' },
  'out-of-credits': { ...usual, short: 'out of credits', urgent: 'always', end: 'Tries again at', help: 'accounts' },
  'account-refused': { ...usual, short: 'account refused', urgent: 'always', end: 'Tries again at', help: 'accounts' },
  'no-account': { ...usual, short: 'no provider account', urgent: 'always', help: 'accounts' },
  'breaker-open': { ...usual, short: 'stopped by failures', urgent: 'always', help: 'resume' },
  'needs-person': { ...usual, short: 'attempts in doubt', urgent: 'always', help: 'doubtful' },
  'provider-unavailable': { ...usual, short: 'provider away', urgent: 'always', end: 'Tries again at' },
  'outside-calling-window': { ...usual, short: 'outside calling hours', end: 'Opens at', help: 'hours' },
  'no-caller-id': { ...usual, short: 'no caller id', urgent: 'always' },
  'concurrency-reached': { ...usual, short: 'all lines busy', urgent: 'quiet' },
  'account-limit': { ...usual, short: 'account’s limit', urgent: 'never' },
  'rate-limited': { ...usual, short: 'slowed by the provider', urgent: 'never', end: 'Goes on at' },
  'retry-not-due': { ...usual, short: 'waits for retries', urgent: 'never', end: 'Next at' },
  'nothing-left': { ...usual, short: 'nobody left to call', urgent: 'never', help: 'contacts' },
  'deadline-passed': { ...usual, short: 'deadline passed', urgent: 'never' },
  'no-events': { ...usual, short: 'nothing heard', urgent: 'always' },
  'answer-xml-missing': { ...usual, short: 'no answer XML', urgent: 'always' },
};

/** A code that a newer server tells of is called by its own name. */
export function blockerWord(code: string): BlockerWord {
  return blockerWords[code] ?? { ...usual, short: code.replaceAll('-', ' ') };
}

/** Nothing moves until somebody does something about it. */
export function isUrgent({ code, until }: Blocker): boolean {
  const { urgent } = blockerWord(code);
  return urgent === 'always' || (urgent === 'without-end' && until === null);
}

/** All is well, and it is told beside the figure that it is about. */
export function isQuiet({ code }: Blocker): boolean {
  return blockerWord(code).urgent === 'quiet';
}

/** A reason in a few words: `outside calling hours, opens at 09:00`. */
export function shortReason({ code, message, until }: Blocker, now: Moment): string {
  const { short, end } = blockerWord(code);
  const words = short ?? message.replace(` until ${until}`, '').replace(/\.$/, '');
  return until === null ? words : `${words}, ${end.toLowerCase()} ${formatMinute(until, now)}`;
}
