import { type Decision, decideCommand, iso } from '@ringside/core';
import type { Campaign, CommandName, CommandPreview, Phase, Report } from '@ringside/protocol';

/** What a preview is made of. Times are epoch milliseconds. */
export interface PreviewInput {
  readonly command: CommandName;
  readonly campaign: Campaign;
  readonly report: Report;
  /** When a timed pause would end, or a planned start would be. */
  readonly until: number | null;
  readonly hangUp: boolean;
  /** Contacts that the command is about where only the list knows; `null`: what the report counts. */
  readonly contacts: number | null;
  readonly now: number;
}

/** What a command would come to, in figures and in words. Nothing is changed. */
export function previewOf(input: PreviewInput): CommandPreview {
  const { command, campaign, report } = input;
  const decision = decideCommand(command, campaign);
  const allowed = decision.kind !== 'refused';
  const live = report.callMetrics.activeCalls;
  const stops = command === 'pause' || command === 'cancel';
  const facts = {
    draining: allowed && stops && !input.hangUp ? live : 0,
    contacts: contactsOf(input),
    skipped: report.progress.ledger.excluded,
    endTime: endTimes(input, decision),
  };
  const message = decision.kind === 'refused' ? decision.why : inWords(input, decision, facts);
  return { command, allowed, message, ...facts, missesWindow: null };
}

function contactsOf({ command, report, contacts }: PreviewInput): number {
  if (contacts !== null) return contacts;
  const { notStarted, waitingRetry, inFlight, unreached } = report.progress.ledger;
  switch (command) {
    case 'cancel':
      return notStarted + waitingRetry;
    case 'retry-failed':
      return unreached;
    default:
      return notStarted + waitingRetry + inFlight;
  }
}

/** A pause moves the end by its length, as far as anybody can tell; one without an end leaves it open. */
function endTimes({ command, report, until, now }: PreviewInput, { kind }: Decision): CommandPreview['endTime'] {
  const from = report.timeline.estimatedEndTime;
  if (kind === 'refused' || kind === 'already' || command === 'resume') return { from, to: from };
  if (command !== 'pause' || from === null || until === null) return { from, to: null };
  return { from, to: iso(Date.parse(from) + Math.max(0, until - now)) };
}

type Facts = Pick<CommandPreview, 'draining' | 'contacts' | 'skipped' | 'endTime'>;

function inWords(input: PreviewInput, { kind }: Decision, facts: Facts): string {
  const { command, campaign, report, until } = input;
  if (kind === 'already' && until === null) return `Nothing changes: ${phaseInWords[campaign.phase]}.`;
  const external = campaign.dialer === 'external' ? ' Its own dialer is asked, and says whether it does.' : '';
  const live = liveInWords(report.callMetrics.activeCalls, input.hangUp);
  switch (command) {
    case 'start':
      return `${contacts(facts.contacts)} to be called${when(until)}${skipped(facts.skipped)}.${external}`;
    case 'pause':
      return `No new call is placed${until === null ? ' until somebody resumes it' : ` until ${iso(until)}`}. ${live}${moved(facts)}${external}`;
    case 'resume':
      return `Dialing goes on with ${contacts(facts.contacts)}.${external}`;
    case 'cancel':
      return `${contacts(facts.contacts)} will not be called any more; this is final. ${live}${external}`;
    case 'retry-failed':
      return `${contacts(facts.contacts)} that nobody reached will be called once more.${external}`;
  }
}

/** Where a campaign stands, as a clause. */
export const phaseInWords: Readonly<Record<Phase, string>> = {
  draft: 'it is a draft',
  scheduled: 'it is scheduled',
  queued: 'it has not started',
  running: 'it is running',
  waiting: 'it is under way and waits for its next call',
  stalled: 'it is under way, though nothing was heard for a while',
  finishing: 'its last calls are ending',
  pausing: 'it is pausing while live calls end',
  paused: 'it is paused',
  completed: 'it is completed',
  cancelled: 'it was cancelled',
  failed: 'it has failed',
};

function contacts(count: number): string {
  return count === 1 ? '1 contact' : `${count} contacts`;
}

function skipped(count: number): string {
  return count === 0 ? '' : `, and ${count} will be skipped`;
}

function when(until: number | null): string {
  return until === null ? '' : ` from ${iso(until)} on`;
}

function liveInWords(live: number, hangUp: boolean): string {
  if (live === 0) return 'No call is live.';
  const calls = live === 1 ? '1 live call' : `${live} live calls`;
  return hangUp ? `${calls} will be cut off.` : `${calls} will finish.`;
}

function moved({ endTime: { from, to } }: Facts): string {
  return from === null || to === null ? '' : ` The expected end moves from ${from} to ${to}.`;
}
