import {
  type AskedOrder,
  type CampaignDelivery,
  type CampaignState,
  type Change,
  changeOfCommand,
  changesUntil,
  confirmationOf,
  type Campaign as DeclaredCampaign,
  decideCommand,
  fact,
  type Rollup,
  standingOf,
} from '@ringside/core';
import type { Campaign, CommandName, ErrorCode, Outcome } from '@ringside/protocol';
import { contentHash, saidDelivery } from '../ingest/api-event.ts';
import type { Applied } from '../ingest/receipt.ts';

/** What somebody wants of a campaign. Times are epoch milliseconds. */
export interface CommandStep {
  readonly kind: 'command';
  readonly command: CommandName;
  readonly actor: string;
  readonly reason: string | null;
  /** Of a pause: when it ends by itself. Of a start: when it is to be. */
  readonly until: number | null;
  readonly hangUp: boolean;
  readonly outcomes: readonly Outcome[] | null;
  /** How an external dialer is asked; `null` where nobody said how to reach it. */
  readonly ask: Ask | null;
}

export interface Ask {
  readonly id: string;
  readonly timeoutMs: number;
}

/** What an external dialer said to the order with this id, or that it said nothing in time. */
export interface AnswerStep {
  readonly kind: 'answer';
  readonly id: string;
  readonly state: 'confirmed' | 'refused' | 'unconfirmed';
  readonly message: string | null;
}

/** The time for something has come. What was said since may have made it void. */
export interface DueStep {
  readonly kind: 'due';
  readonly what: 'start' | 'resume' | 'deadline';
  readonly ask: Ask | null;
}

/** One step of control. It is plain data: it crosses threads. */
export type ControlStep = CommandStep | AnswerStep | DueStep;

type RefusalCode = Extract<ErrorCode, 'phase-conflict' | 'no-control-webhook' | 'not-asked' | 'validation-failed'>;
interface Refused {
  readonly outcome: 'refused';
  readonly code: RefusalCode;
  readonly why: string;
}

export type Decided =
  | { readonly outcome: 'changed'; readonly deliveries: readonly CampaignDelivery[] }
  | { readonly outcome: 'already' }
  | Refused;

/** What came of a step. */
export type Controlled =
  | { readonly outcome: 'changed' | 'already'; readonly campaign: Campaign; readonly applied: Applied }
  | Refused;

/** A campaign as a decision needs it. */
export interface Judged {
  readonly state: CampaignState;
  readonly rollup: Rollup;
}

const ALREADY: Decided = { outcome: 'already' };
/** What happens by the clock is done by nobody. */
const CLOCK = 'ringside';
/** A pause by seconds that is sent again counts them from a little later. */
const SAME_UNTIL_MS = 10_000;

/**
 * What a step comes to. Things said in one millisecond are told apart by their order, so each is put after all that was
 * said before.
 */
export function decideStep(campaign: Judged, step: ControlStep, now: number): Decided {
  switch (step.kind) {
    case 'command':
      return commandStep(campaign, step, now);
    case 'answer':
      return answerStep(campaign, step, now);
    case 'due':
      return dueStep(campaign, step, now);
  }
}

/** A command that waits for the answer of an external dialer. */
export interface PendingOrder extends AskedOrder {
  readonly command: CommandName;
}

/** The order that waits for its answer, `null` where none does. */
export function pendingOrderOf(campaign: DeclaredCampaign): PendingOrder | null {
  const said = confirmationOf(campaign);
  return said?.state === 'asked' && said.order ? { ...said.order, command: said.command } : null;
}

/** From when on what was decided shows. @param now epoch milliseconds */
export function shownAt({ state }: Judged, now: number): number {
  return Math.max(now, state.campaign.lastAt);
}

function commandStep(campaign: Judged, step: CommandStep, now: number): Decided {
  const { campaign: declared } = campaign.state;
  const { phase } = standingOf(campaign.state, campaign.rollup, shownAt(campaign, now));
  const dialer = fact(declared, 'dialer') ?? 'external';
  const judged = decideCommand(step.command, { phase, dialer });
  if (judged.kind === 'refused') return { outcome: 'refused', code: 'phase-conflict', why: judged.why };
  const isDone = judged.kind === 'already' && !changesPause(campaign, step, now);
  const change = judged.kind === 'dial-again' ? null : changeOfCommand[step.command];
  if (dialer === 'external') return decideAsking(campaign, step, { now, isDone });
  if (isDone) return ALREADY;
  if (change === null) return changed(dialAgainDelivery(step, after(campaign, now)));
  if (step.command === 'start' && step.until !== null && step.until > now) return schedule(campaign, step, now);
  return changed(changeDelivery({ ...step, change, at: after(campaign, now) }));
}

/** An external dialer is asked, and nothing is said to have changed before it says so. */
function decideAsking(campaign: Judged, step: CommandStep, { now, isDone }: { now: number; isDone: boolean }): Decided {
  const said = confirmationOf(campaign.state.campaign);
  const isOpen = said?.state === 'asked' || said?.state === 'unconfirmed';
  const isAsked = said?.state === 'asked' && said.command === step.command;
  if (isAsked && isSameUntil(said.order?.until ?? null, step.until)) return ALREADY;
  // It may do yet what it was asked before, so what it is asked now must reach it although it seems to be so already.
  if (isDone && !(isOpen && said.command !== step.command)) return ALREADY;
  if (step.command === 'start' && step.until !== null) {
    const why = 'An external dialer keeps a schedule of its own: start it when it is to dial.';
    return { outcome: 'refused', code: 'validation-failed', why };
  }
  if (!step.ask) {
    const why =
      'This campaign’s dialer is not Ringside’s, and nobody said how to reach it: set PUT /v1/settings/control-webhook.';
    return { outcome: 'refused', code: 'no-control-webhook', why };
  }
  const { actor, reason, until, hangUp, outcomes, ask } = step;
  const at = after(campaign, now);
  const order = { id: ask.id, actor, reason, until, hangUp, outcomes, askedAt: at, answerBy: at + ask.timeoutMs };
  return changed(confirmationDelivery({ command: step.command, state: 'asked', message: null, order, at }));
}

function answerStep(campaign: Judged, { id, state, message }: AnswerStep, now: number): Decided {
  const { campaign: declared } = campaign.state;
  const said = confirmationOf(declared);
  const order = said?.order;
  if (!said || order?.id !== id) {
    const why = 'The dialer was not asked that, or was asked something else since.';
    return { outcome: 'refused', code: 'not-asked', why };
  }
  if (said.state === state || (state === 'unconfirmed' && said.state !== 'asked')) return ALREADY;
  if (said.state !== 'asked' && said.state !== 'unconfirmed') {
    return { outcome: 'refused', code: 'not-asked', why: `That was ${said.state} before.` };
  }
  const at = after(campaign, now);
  const { command } = said;
  const answer = confirmationDelivery({ command, state, message, order, at });
  const { phase } = standingOf(campaign.state, campaign.rollup, shownAt(campaign, now));
  if (state !== 'confirmed') return changed(answer);
  const { actor, reason, until } = order;
  if (command === 'retry-failed' && phase !== 'completed') return changed(answer, dialAgainDelivery(order, at + 1));
  return changed(answer, changeDelivery({ change: changeOfCommand[command], actor, reason, until, at: at + 1 }));
}

function dueStep(campaign: Judged, { what, ask }: DueStep, now: number): Decided {
  const { campaign: declared } = campaign.state;
  const isOwn = fact(declared, 'dialer') === 'built-in';
  const order = { actor: CLOCK, until: null, hangUp: false, outcomes: null, ask } as const;
  if (what === 'resume') {
    const pause = pauseOf(campaign, now);
    if (pause?.until === undefined || pause.until > now) return ALREADY;
    return commandStep(campaign, { ...order, kind: 'command', command: 'resume', reason: 'the pause was timed' }, now);
  }
  const { phase } = standingOf(campaign.state, campaign.rollup, shownAt(campaign, now));
  const isOver = phase === 'completed' || phase === 'cancelled' || phase === 'failed';
  const due = fact(declared, what === 'start' ? 'startedAt' : 'deadline');
  if (!isOwn || isOver || due === null || due > now) return ALREADY;
  const at = after(campaign, now);
  if (what === 'deadline') {
    return changed(changeDelivery({ ...order, change: 'completed', reason: 'its deadline has passed', at }));
  }
  const isSaid = changesUntil(declared, now).length > 0;
  return isSaid ? ALREADY : changed(changeDelivery({ ...order, change: 'started', reason: 'it was scheduled', at }));
}

/** A start that lies ahead is a fact of the campaign, from which its phase follows. */
function schedule(campaign: Judged, { until, actor, reason }: CommandStep, now: number): Decided {
  if (until === null || fact(campaign.state.campaign, 'startedAt') === until) return ALREADY;
  return changed(saidDelivery({ startedAt: until }, { registers: false, at: after(campaign, now), actor, reason }));
}

/** The campaign goes on as it is; its timeline tells who had contacts called again. */
function dialAgainDelivery({ actor, reason }: Pick<CommandStep, 'actor' | 'reason'>, at: number): CampaignDelivery {
  const why = reason === null ? 'failed contacts are called again' : `failed contacts are called again: ${reason}`;
  return saidDelivery({}, { registers: false, at, actor, reason: why });
}

/** A pause of a campaign that is paused until another time changes that time; one without a time ends by no clock. */
function changesPause(campaign: Judged, { command, until }: CommandStep, now: number): boolean {
  if (command !== 'pause') return false;
  const pause = pauseOf(campaign, shownAt(campaign, now));
  return pause !== null && !isSameUntil(pause.until ?? null, until);
}

function pauseOf({ state }: Judged, now: number): Change | null {
  const last = changesUntil(state.campaign, now).at(-1);
  return last?.change === 'paused' ? last : null;
}

function isSameUntil(a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : Math.abs(a - b) < SAME_UNTIL_MS;
}

/** The moment for something new: after all that was said before. */
function after({ state }: Judged, now: number): number {
  return Math.max(now, state.campaign.lastAt + 1);
}

function changed(...deliveries: readonly CampaignDelivery[]): Decided {
  return { outcome: 'changed', deliveries };
}

function changeDelivery(said: {
  readonly change: Change['change'];
  readonly actor: string;
  readonly reason: string | null;
  readonly until: number | null;
  readonly at: number;
}): CampaignDelivery {
  const { change, actor, reason, at } = said;
  const until = change === 'paused' && said.until !== null ? { until: said.until } : {};
  const hash = contentHash({ change, actor, reason, at, ...until });
  return {
    about: 'campaign',
    type: 'change',
    hash,
    source: 'api',
    receivedAt: at,
    at,
    change,
    reason,
    actor,
    ...until,
  };
}

function confirmationDelivery(said: {
  readonly command: CommandName;
  readonly state: 'asked' | AnswerStep['state'];
  readonly message: string | null;
  readonly order: AskedOrder;
  readonly at: number;
}): CampaignDelivery {
  const { at, ...confirmation } = said;
  const hash = contentHash({ confirmation, at });
  return { about: 'campaign', type: 'confirmation', hash, source: 'api', receivedAt: at, at, confirmation };
}
