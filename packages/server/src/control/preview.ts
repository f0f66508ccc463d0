import {
  closingWordOf,
  type Decision,
  type Campaign as DeclaredCampaign,
  decideCommand,
  isKnownZone,
  iso,
  missesDeadline,
} from '@ringside/core';
import type { Campaign, CommandName, CommandPreview, Phase, Report } from '@ringside/protocol';

/** What a preview is made of. Times are epoch milliseconds. */
export interface PreviewInput {
  readonly command: CommandName;
  readonly campaign: Campaign;
  /** All that was said of it. */
  readonly declared: DeclaredCampaign;
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
  const { command, campaign, declared, report } = input;
  const endsAs = closingWordOf(declared, campaign.phase);
  const decision = decideCommand(command, { ...campaign, endsAs });
  const allowed = decision.kind !== 'refused';
  const live = report.callMetrics.activeCalls;
  const stops = command === 'pause' || command === 'cancel';
  const facts = {
    draining: allowed && stops && !input.hangUp ? live : 0,
    contacts: contactsOf(input),
    skipped: report.progress.ledger.excluded,
    endTime: endTimes(input, decision),
    missesWindow: allowed ? missesOf(input) : null,
  };
  const message = decision.kind === 'refused' ? decision.why : inWords(input, decision, facts);
  return { command, allowed, message, ...facts };
}

/** Contacts that would not be called before the deadline, where dialing goes on at a time that is known. */
function missesOf({ command, declared, report, until, now }: PreviewInput): number | null {
  const isOpenEnd = command === 'pause' && until === null;
  if (command === 'cancel' || command === 'retry-failed' || isOpenEnd) return null;
  const { forecast, progress } = report;
  return missesDeadline(declared, { ledger: progress.ledger, forecast, from: Math.max(now, until ?? now) });
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

type Facts = Omit<CommandPreview, 'command' | 'allowed' | 'message'>;

function inWords(input: PreviewInput, { kind }: Decision, facts: Facts): string {
  const { command, campaign, report, until } = input;
  if (kind === 'already' && until === null) return `Nothing changes: ${phaseInWords[campaign.phase]}.`;
  const external = campaign.dialer === 'external' ? ' Its own dialer is asked, and says whether it does.' : '';
  const live = liveInWords(report.callMetrics.activeCalls, input.hangUp);
  switch (command) {
    case 'start':
      return `${contacts(facts.contacts)} to be called${when(until, campaign)}${skipped(facts.skipped)}.${late(facts)}${external}`;
    case 'pause':
      return `No new call is placed${until === null ? ' until somebody resumes it' : ` until ${timeInWords(until, campaign)}`}. ${live}${moved(facts, campaign)}${late(facts)}${external}`;
    case 'resume':
      return `Dialing goes on with ${contacts(facts.contacts)}.${late(facts)}${external}`;
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

function when(until: number | null, campaign: Campaign): string {
  return until === null ? '' : ` from ${timeInWords(until, campaign)} on`;
}

/** As somebody at the campaign reads a clock. */
function timeInWords(at: number, { timezone }: Campaign): string {
  const timeZone = timezone !== null && isKnownZone(timezone) ? timezone : 'UTC';
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(at);
  return `${time} (${timeZone})`;
}

function liveInWords(live: number, hangUp: boolean): string {
  if (live === 0) return 'No call is live.';
  const calls = live === 1 ? '1 live call' : `${live} live calls`;
  return hangUp ? `${calls} will be cut off.` : `${calls} will finish.`;
}

function late({ missesWindow }: Facts): string {
  if (missesWindow === null || missesWindow === 0) return '';
  return ` ${contacts(missesWindow)} would not be called before the deadline.`;
}

function moved({ endTime: { from, to } }: Facts, campaign: Campaign): string {
  if (from === null || to === null) return '';
  const [before, after] = [Date.parse(from), Date.parse(to)].map((at) => timeInWords(at, campaign));
  return ` The expected end moves from ${before} to ${after}.`;
}
