import type { CommandName, Confirmation, Dialer, Phase } from '@ringside/protocol';
import { counted, formatAgo } from '../format.ts';
import { readInstant } from '../readers.ts';

/** A command as its buttons and questions say it. */
interface CommandWord {
  readonly name: string;
  /** The question, about a campaign of this name. */
  readonly question: (campaign: string) => string;
  /** What the button says that does it. */
  readonly action: string;
  /** While it is being done. */
  readonly doing: string;
  /** What an external dialer was asked to do. */
  readonly asked: string;
}

export const commandWords: Readonly<Record<CommandName, CommandWord>> = {
  start: {
    name: 'Start',
    question: (campaign) => `Start “${campaign}”?`,
    action: 'Start dialing',
    doing: 'Starting…',
    asked: 'start',
  },
  pause: {
    name: 'Pause',
    question: (campaign) => `Pause “${campaign}”?`,
    action: 'Pause',
    doing: 'Pausing…',
    asked: 'pause',
  },
  resume: {
    name: 'Resume',
    question: (campaign) => `Resume “${campaign}”?`,
    action: 'Resume dialing',
    doing: 'Resuming…',
    asked: 'resume',
  },
  cancel: {
    name: 'Cancel the campaign',
    question: (campaign) => `Cancel “${campaign}”?`,
    action: 'Cancel the campaign',
    doing: 'Cancelling…',
    asked: 'cancel',
  },
  'retry-failed': {
    name: 'Retry failed',
    question: (campaign) => `Call the failed contacts of “${campaign}” again?`,
    action: 'Call them again',
    doing: 'Queueing…',
    asked: 'retry the failed',
  },
};

/** What is offered for a campaign: the one thing at hand, and what lies in the menu. */
export interface Offer {
  readonly main: CommandName | null;
  readonly more: readonly CommandName[];
}

const dialing: Offer = { main: 'pause', more: ['retry-failed', 'cancel'] };
const beforehand: Offer = { main: 'start', more: ['pause', 'cancel'] };
const over: Offer = { main: null, more: ['resume', 'retry-failed'] };

const offers: Readonly<Record<Phase, Offer>> = {
  draft: { main: 'start', more: ['cancel'] },
  scheduled: beforehand,
  queued: beforehand,
  running: dialing,
  waiting: dialing,
  stalled: dialing,
  finishing: dialing,
  pausing: { main: null, more: ['resume', 'retry-failed', 'cancel'] },
  paused: { main: 'resume', more: ['retry-failed', 'cancel'] },
  completed: over,
  failed: { main: 'resume', more: [] },
  cancelled: { main: null, more: [] },
};

/** The commands that make sense in a phase. What is over goes on only where Ringside dials. */
export function offerOf(phase: Phase, dialer: Dialer): Offer {
  const { main, more } = offers[phase];
  const isOver = phase === 'completed' || phase === 'failed';
  if (dialer === 'built-in' || !isOver) return { main, more };
  return { main: null, more: more.filter((command) => command !== 'resume') };
}

/** What goes on, and of a pause how many calls still drain: `Pausing…` `14 calls draining`. */
export interface Doing {
  readonly word: string;
  readonly rest: string;
}

/** @param pending a command that was obeyed, of which the report does not tell yet */
export function doingOf(phase: Phase, active: number, pending: CommandName | null): Doing | null {
  if (pending !== null) return { word: commandWords[pending].doing, rest: '' };
  if (phase !== 'pausing') return null;
  return { word: commandWords.pause.doing, rest: active === 0 ? '' : `${counted(active, 'call')} draining` };
}

/** What is to be said of a command to an external dialer; `null` where there is nothing to tell. */
export interface ConfirmationNote {
  readonly grave: boolean;
  readonly title: string;
  readonly text: string;
}

const overPhases: ReadonlySet<Phase> = new Set(['completed', 'cancelled', 'failed']);

export function confirmationNote(confirmation: Confirmation, phase: Phase, now: number): ConfirmationNote | null {
  const { state, command, since, message } = confirmation;
  if (command === null || overPhases.has(phase)) return null;
  const { name, asked } = commandWords[command];
  const ago = since === null ? '' : ` ${formatAgo(now - readInstant(since))}`;
  if (state === 'asked')
    return {
      grave: false,
      title: `${name} asked${ago}, not confirmed yet.`,
      text: 'The dialer was told; until it confirms, nothing has changed.',
    };
  if (state === 'unconfirmed')
    return {
      grave: true,
      title: `${name} asked${ago}, not confirmed.`,
      text: `${command === 'pause' || command === 'cancel' ? 'Calls may still start. ' : ''}Check that the dialer runs and that its control webhook answers, then ask again.`,
    };
  if (state === 'refused')
    return { grave: true, title: `The dialer refused to ${asked}${ago}.`, text: message ?? 'It gave no reason.' };
  return null;
}
