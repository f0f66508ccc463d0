import type { LeadStatus, Ledger, Outcome } from '@ringside/protocol';

/** A shown figure: what it is called here, and what it means. `docs/metrics.md` says the same at more length. */
export interface Word {
  readonly label: string;
  readonly meaning: string;
}

/** A share, with what is counted and what it is counted of. */
export interface RateWord extends Word {
  readonly counts: string;
  readonly of: string;
}

/** Shares; each is shown with its numerator and denominator. */
export const rateWords = {
  processed: {
    label: 'settled',
    meaning: 'Contacts that are reached, unreached or excluded, of all contacts. At 100 % nobody is left to call.',
    counts: 'settled',
    of: 'contacts',
  },
  answer: {
    label: 'Answer rate',
    meaning: 'Calls that were answered, by a person or a machine, of all ended calls. Live calls are in neither.',
    counts: 'answered',
    of: 'ended calls',
  },
  humanAnswer: {
    label: 'Human answers',
    meaning: 'Calls that were answered and not by a machine, of all ended calls.',
    counts: 'answered by people',
    of: 'ended calls',
  },
  contact: {
    label: 'Contact rate',
    meaning: 'Contacts with a human answer, of the contacts with an ended call.',
    counts: 'with a human answer',
    of: 'contacts with an ended call',
  },
  shortCall: {
    label: 'Hung up in 6 s',
    meaning:
      'Answered calls that the callee ended within six seconds, of all answered calls. A sudden rise means a bad opening or a flagged number.',
    counts: 'hung up early',
    of: 'answered calls',
  },
  leadConversion: {
    label: 'convert',
    meaning: 'Completed calls whose lead is hot or warm, of all completed calls.',
    counts: 'hot or warm',
    of: 'completed calls',
  },
} as const satisfies Readonly<Record<string, RateWord>>;

/** Everything else that is counted, measured or declared. */
export const figureWords = {
  averageDuration: {
    label: 'Avg talk',
    meaning:
      'Talk time of completed calls, as the provider counts it, divided by the completed calls of which it is known.',
  },
  totalDuration: { label: 'total', meaning: 'Talk time of all completed calls, as the provider counts it.' },
  p50: { label: 'half by', meaning: 'Half of the completed calls talked no longer than this (median).' },
  p90: { label: '90 % by', meaning: 'Nine of ten completed calls talked no longer than this.' },
  p99: { label: '99 % by', meaning: 'All but one in a hundred completed calls talked no longer than this.' },
  averageRingTime: {
    label: 'rings',
    meaning: 'Mean time from placing a call to its answer, over calls of which both times are exact.',
  },
  hotLeads: { label: 'Hot leads', meaning: 'Ended calls whose lead is hot, by a verdict or else by the lead rules.' },
  warmLeads: {
    label: 'Warm leads',
    meaning: 'Ended calls whose lead is warm, by a verdict or else by the lead rules.',
  },
  activeCalls: { label: 'Live now', meaning: 'Calls placed and not yet ended.' },
  concurrency: {
    label: 'At once',
    meaning:
      'Calls placed and not yet ended; the most that overlapped at the end of any ten seconds; and how many may be live at once, as declared with the campaign.',
  },
  costPerLead: {
    label: 'Cost per lead',
    meaning: 'What the calls cost so far, divided by the completed calls whose lead is hot or warm.',
  },
  cost: {
    label: 'Spent',
    meaning: 'The sum of the prices that came with calls; and that divided by the answered calls.',
  },
  attemptsPerMinute: {
    label: 'Calls started',
    meaning: 'Calls placed a minute, over the last five minutes of dialing. Pauses do not count.',
  },
  settledPerMinute: {
    label: 'Contacts settled',
    meaning:
      'Contacts a minute that were reached or will not be tried again, over the last five minutes of dialing. Pauses do not count.',
  },
  totalCalls: { label: 'contacts', meaning: 'People on the list: the declared total, or those seen if they are more.' },
  attempts: { label: 'attempts', meaning: 'Calls placed so far; a contact may take several.' },
  ended: { label: 'ended calls', meaning: 'Calls that are over, as the provider, the dialer or Ringside said.' },
  hangupCause: {
    label: 'Hangup cause',
    meaning: 'Ended calls by the provider’s hangup code, or by its words where there is no code.',
  },
  running: { label: 'Running', meaning: 'Campaigns that dial or may dial now, of all that are listed.' },
  reached: { label: 'Reached', meaning: 'Contacts with a completed call, of all contacts.' },
  startTime: {
    label: 'started',
    meaning: 'The earliest of the declared start, a started event and the first event of a call.',
  },
  lastUpdateTime: { label: 'last call event', meaning: 'The latest time of anything that was said of the campaign.' },
  lines: { label: 'lines', meaning: 'How many calls may be live at once, as declared with the campaign.' },
  callsPerSecond: { label: '/ s', meaning: 'How many calls may start a second, as declared with the campaign.' },
  maxAttempts: { label: 'attempts', meaning: 'How often a contact is tried at most, as declared with the campaign.' },
  campaignId: { label: 'id', meaning: 'The id of the campaign, as callbacks and programs name it.' },
  forecast: { label: 'done between', meaning: 'The campaign ends in this span with a probability of 80 %.' },
} as const satisfies Readonly<Record<string, Word>>;

/** Columns of the feed. */
export const feedWords = {
  endTime: { label: 'Ended', meaning: 'When the call ended.' },
  number: { label: 'Number', meaning: 'The number that was called; whole only for those who may see numbers.' },
  outcome: { label: 'Outcome', meaning: 'How the call ended, by its hangup code, else its status, else its answer.' },
  duration: { label: 'Talk', meaning: 'Talk time in minutes and seconds, as the provider counts it.' },
  lead: {
    label: 'Lead',
    meaning: 'The verdict of a bot or a person; without one what the lead rules make of the call.',
  },
  hangupCause: { label: 'Hangup cause', meaning: 'Why the call ended, in the provider’s words.' },
} as const satisfies Readonly<Record<string, Word>>;

/** In the order of the bar. */
export const ledgerWords: Readonly<Record<keyof Ledger, Word>> = {
  reached: { label: 'reached', meaning: 'Contacts with a completed call. A voicemail does not reach anybody.' },
  unreached: { label: 'unreached', meaning: 'Contacts whose attempts all ended without reaching them; none is due.' },
  excluded: {
    label: 'excluded',
    meaning: 'Contacts that were never called, because the list was closed.',
  },
  waitingRetry: {
    label: 'retry due',
    meaning: 'Contacts whose attempts so far ended without reaching them, and that will be tried again.',
  },
  inFlight: { label: 'in flight', meaning: 'Contacts that a call is under way to, and none has completed.' },
  notStarted: { label: 'not started', meaning: 'Contacts that nobody called yet.' },
};

export const ledgerOrder = Object.keys(ledgerWords) as readonly (keyof Ledger)[];

export const outcomeWords: Readonly<Record<Outcome, Word>> = {
  completed: { label: 'completed', meaning: 'Answered, and not by a machine.' },
  machine: { label: 'machine', meaning: 'Answered by voicemail or another machine.' },
  'no-answer': { label: 'no answer', meaning: 'Nobody picked up.' },
  busy: { label: 'busy', meaning: 'The line was busy.' },
  rejected: { label: 'rejected', meaning: 'The person declined the call.' },
  canceled: { label: 'canceled', meaning: 'Ended on our side before anybody picked up.' },
  unreachable: { label: 'unreachable', meaning: 'The phone is off or out of service.' },
  invalid: { label: 'invalid', meaning: 'No such number.' },
  blocked: { label: 'blocked', meaning: 'Stopped as spam or forbidden by the carrier.' },
  'app-error': { label: 'app error', meaning: 'The answer document could not be fetched or run.' },
  failed: { label: 'failed', meaning: 'A fault of the carrier, the network or the account.' },
  lost: { label: 'lost', meaning: 'No end was ever heard of, and the provider has no record of the call.' },
};

export const outcomeOrder = Object.keys(outcomeWords) as readonly Outcome[];

export const leadWords: Readonly<Record<LeadStatus | 'unscored', Word>> = {
  hot: { label: 'hot', meaning: figureWords.hotLeads.meaning },
  warm: { label: 'warm', meaning: figureWords.warmLeads.meaning },
  cold: {
    label: 'cold',
    meaning:
      'Ended calls whose lead is cold, by a verdict or else by the lead rules; a call that a machine answered is cold.',
  },
  unscored: { label: 'unscored', meaning: 'Ended calls without a verdict that no rule can score, such as lost ones.' },
  'no-answer': { label: 'no answer', meaning: 'Ended calls that nobody answered.' },
};

export const leadOrder = Object.keys(leadWords) as readonly (LeadStatus | 'unscored')[];

/** Below this a share may still be chance. */
export const EARLY_BELOW = 30;

/** Why a figure is not known. */
export const reasons = {
  noEnded: 'Unknown until the first call has ended.',
  noAnswered: 'Unknown until the first call was answered.',
  noCompleted: 'Unknown until the first call was completed.',
  noTotal: 'Unknown, because nobody said how many contacts the list has. Register the campaign with its total.',
  noForecast: 'This report came without a forecast.',
  noLead: 'Unknown until there is a hot or warm lead and a cost.',
  noCost: 'Unknown: no call came with a cost, or their costs are in several currencies.',
  noPace: 'Unknown until the campaign has run for half a minute.',
} as const;
