import type { Outcome } from '@ringside/protocol';
import { classes } from '../ui/classes.ts';

type Kind = 'reached' | 'machine' | 'unanswered' | 'fault';

/** What an outcome comes to. */
export const outcomeKinds: Readonly<Record<Outcome, Kind>> = {
  completed: 'reached',
  machine: 'machine',
  'no-answer': 'unanswered',
  busy: 'unanswered',
  rejected: 'unanswered',
  canceled: 'unanswered',
  unreachable: 'fault',
  invalid: 'fault',
  blocked: 'fault',
  'app-error': 'fault',
  failed: 'fault',
  lost: 'fault',
};

/** A shape for each kind of outcome: a full dot, a square, a ring, a cross. */
export function OutcomeGlyph({ outcome }: { readonly outcome: Outcome }) {
  const kind = outcomeKinds[outcome];
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 10 10"
      className={classes('size-2.5 shrink-0', kind === 'reached' ? 'text-reached-fill' : 'text-ink-3')}
    >
      {kind === 'reached' && <circle cx="5" cy="5" r="4" fill="currentColor" />}
      {kind === 'machine' && (
        <rect x="1.75" y="1.75" width="6.5" height="6.5" rx="1" fill="none" stroke="currentColor" strokeWidth="1.5" />
      )}
      {kind === 'unanswered' && <circle cx="5" cy="5" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />}
      {kind === 'fault' && (
        <path d="m2 2 6 6M8 2 2 8" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
      )}
    </svg>
  );
}
