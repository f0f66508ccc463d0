import type { CampaignChange, CommandName, Dialer, Phase } from '@ringside/protocol';

/** What a command comes to. */
export type Decision =
  /** The campaign changes so. */
  | { readonly kind: 'change'; readonly change: CampaignChange }
  /** Contacts are put back on the list; the campaign goes on as it is. */
  | { readonly kind: 'dial-again' }
  /** It is as the command wants it: nothing is to be done, and nothing is wrong. */
  | { readonly kind: 'already' }
  /** It makes no sense now; `why` says what to do instead. */
  | { readonly kind: 'refused'; readonly why: string };

type Row = Readonly<Record<CommandName, Decision>>;

const already: Decision = { kind: 'already' };
const dialAgain: Decision = { kind: 'dial-again' };
const to = (change: CampaignChange): Decision => ({ kind: 'change', change });
const refused = (why: string): Decision => ({ kind: 'refused', why });

const notStarted = 'It has not started: start it.';
const nothingDialed = 'Nothing was dialed yet, so nothing failed: start it.';
const wasPaused = 'It is paused: resume it.';
const isOver = 'It is over. Upload more contacts and resume it, or call the failed ones again with retry-failed.';
const wasCancelled = 'It was cancelled, and that is final: create another campaign for the contacts that are left.';
const hasFailed = 'It has failed: mend what its blocker names, then resume it.';

const beforeStart: Row = {
  start: to('started'),
  pause: to('paused'),
  resume: refused(notStarted),
  cancel: to('cancelled'),
  'retry-failed': refused(nothingDialed),
};

const underWay: Row = {
  start: already,
  pause: to('paused'),
  resume: already,
  cancel: to('cancelled'),
  'retry-failed': dialAgain,
};

const onPause: Row = {
  start: refused(wasPaused),
  pause: already,
  resume: to('resumed'),
  cancel: to('cancelled'),
  'retry-failed': dialAgain,
};

/** Every phase and command where Ringside dials. */
const builtIn: Readonly<Record<Phase, Row>> = {
  draft: { ...beforeStart, pause: refused('It has not started, so there is nothing to pause.') },
  scheduled: beforeStart,
  queued: beforeStart,
  running: underWay,
  waiting: underWay,
  stalled: underWay,
  finishing: underWay,
  pausing: onPause,
  paused: onPause,
  completed: {
    start: refused(isOver),
    pause: refused('It is over: there is nothing to pause.'),
    resume: to('resumed'),
    cancel: refused('It is over: there is nothing to cancel.'),
    'retry-failed': to('resumed'),
  },
  cancelled: {
    start: refused(wasCancelled),
    pause: refused(wasCancelled),
    resume: refused(wasCancelled),
    cancel: already,
    'retry-failed': refused(wasCancelled),
  },
  failed: {
    start: refused(hasFailed),
    pause: refused('It has failed and dials nothing: there is nothing to pause.'),
    resume: to('resumed'),
    cancel: refused('It has failed and dials nothing: there is nothing to cancel.'),
    'retry-failed': refused(hasFailed),
  },
};

const externalIsOver = 'It is over: its own dialer must start it again.';

/** Somebody else's dialer says itself that it goes on after an end. */
const external: Readonly<Record<Phase, Row>> = {
  ...builtIn,
  completed: { ...builtIn.completed, start: refused(externalIsOver), resume: refused(externalIsOver) },
  failed: {
    ...builtIn.failed,
    start: refused('It has failed: its own dialer must start it again.'),
    resume: refused('It has failed: its own dialer must start it again.'),
    'retry-failed': refused('It has failed: its own dialer must start it again.'),
  },
};

/** What a campaign is when a command comes, as its standing says. */
export interface Commanded {
  readonly phase: Phase;
  /** While live calls finish after a closing word, that word: it holds already. */
  readonly endsAs?: 'completed' | 'cancelled' | 'failed' | null;
  readonly dialer: Dialer;
}

/** What a command comes to. An external dialer is asked by whoever calls this. */
export function decideCommand(command: CommandName, { phase, endsAs, dialer }: Commanded): Decision {
  return (dialer === 'built-in' ? builtIn : external)[endsAs ?? phase][command];
}
