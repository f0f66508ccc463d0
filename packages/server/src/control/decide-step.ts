import {
  type CampaignDelivery,
  type Change,
  changeOfCommand,
  confirmationOf,
  decideCommand,
  fact,
  lastChangeOf,
  type Moment,
  saidNow,
  standingOf,
} from '@ringside/core';
import { saidDelivery } from '../ingest/api-event.ts';
import { changeDelivery, confirmationDelivery, dialAgainDelivery } from './control-deliveries.ts';
import type { AnswerStep, CommandStep, ControlStep, Decided, DialedStep, DueStep, Judged } from './control-step.ts';

const ALREADY: Decided = { outcome: 'already' };
/** What happens by the clock is done by nobody. */
const CLOCK = 'ringside';
/** A pause by seconds that is sent again counts them from a little later. */
const SAME_UNTIL_MS = 10_000;

/**
 * What a step comes to. What it changes is dated after all that is stored of the campaign, so that dates keep the order in
 * which commands were stored, whatever the clock says.
 */
export function decideStep(campaign: Judged, step: ControlStep, now: number): Decided {
  switch (step.kind) {
    case 'command':
      return commandStep(campaign, step, now);
    case 'answer':
      return answerStep(campaign, step, now);
    case 'due':
      return dueStep(campaign, step, now);
    case 'dialed':
      return dialedStep(campaign, step, now);
  }
}

function commandStep(campaign: Judged, step: CommandStep, now: number): Decided {
  const { campaign: declared } = campaign.state;
  const { phase, endsAs } = standingOf(campaign.state, campaign.rollup, now);
  const dialer = fact(declared, 'dialer') ?? 'external';
  const judged = decideCommand(step.command, { phase, endsAs, dialer });
  if (judged.kind === 'refused') return { outcome: 'refused', code: 'phase-conflict', why: judged.why };
  const isDone = judged.kind === 'already' && !changesPause(campaign, step);
  const change = judged.kind === 'dial-again' ? null : changeOfCommand[step.command];
  if (dialer === 'external') return decideAsking(campaign, step, { now, isDone });
  if (isDone) return ALREADY;
  const moment = saidNow(campaign.state, now);
  if (change === null) return changed(dialAgainDelivery(step, moment));
  if (step.command === 'start' && step.until !== null && step.until > now) return schedule(campaign, step, now);
  return changed(changeDelivery({ ...step, change }, moment));
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
  const { command, actor, reason, until, hangUp, outcomes, ask } = step;
  const moment = saidNow(campaign.state, now);
  const wanted = changeOfCommand[command];
  const order = {
    ...{ id: ask.id, actor, reason, until, hangUp, outcomes },
    ...{ askedAt: moment.at, answerBy: now + ask.timeoutMs },
    saidBefore: campaign.state.campaign.changes?.[wanted]?.count ?? 0,
  };
  return changed(confirmationDelivery({ command, state: 'asked', message: null, order }, moment));
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
  const moment = saidNow(campaign.state, now);
  const { command } = said;
  const answer = confirmationDelivery({ command, state, message, order }, moment);
  const { phase } = standingOf(campaign.state, campaign.rollup, now);
  if (state !== 'confirmed') return changed(answer);
  const next: Moment = { ...moment, at: moment.at + 1 };
  if (command === 'retry-failed' && phase !== 'completed') return changed(answer, dialAgainDelivery(order, next));
  return changed(answer, changeDelivery({ ...order, change: changeOfCommand[command] }, next));
}

function dueStep(campaign: Judged, { what, ask }: DueStep, now: number): Decided {
  const { campaign: declared } = campaign.state;
  const isOwn = fact(declared, 'dialer') === 'built-in';
  const order = { actor: CLOCK, until: null, hangUp: false, outcomes: null, ask } as const;
  if (what === 'resume') {
    const pause = pauseOf(campaign);
    if (pause?.until === undefined || pause.until > now) return ALREADY;
    return commandStep(campaign, { ...order, kind: 'command', command: 'resume', reason: 'the pause was timed' }, now);
  }
  const { phase } = standingOf(campaign.state, campaign.rollup, now);
  const isOver = phase === 'completed' || phase === 'cancelled' || phase === 'failed';
  const due = fact(declared, what === 'start' ? 'startedAt' : 'deadline');
  if (!isOwn || isOver || due === null || due > now) return ALREADY;
  const moment = saidNow(campaign.state, now);
  if (what === 'deadline') {
    return changed(changeDelivery({ ...order, change: 'completed', reason: 'its deadline has passed' }, moment));
  }
  const isSaid = lastChangeOf(declared) !== null;
  return isSaid
    ? ALREADY
    : changed(changeDelivery({ ...order, change: 'started', reason: 'it was scheduled' }, moment));
}

/** The dialer knew the campaign as it was a moment before: what it does of itself counts only while that goes on. */
function dialedStep(campaign: Judged, { change, actor, reason }: DialedStep, now: number): Decided {
  const { phase, endsAs } = standingOf(campaign.state, campaign.rollup, now);
  const isUnderWay = decideCommand('pause', { phase, endsAs, dialer: 'built-in' }).kind === 'change';
  if (!isUnderWay) return ALREADY;
  return changed(changeDelivery({ change, actor, reason, until: null }, saidNow(campaign.state, now)));
}

/** A start that lies ahead is a fact of the campaign, from which its phase follows. */
function schedule(campaign: Judged, { until, actor, reason }: CommandStep, now: number): Decided {
  if (until === null || fact(campaign.state.campaign, 'startedAt') === until) return ALREADY;
  const moment = saidNow(campaign.state, now);
  return changed(saidDelivery({ startedAt: until }, { ...moment, registers: false, actor, reason }));
}

/** A pause of a campaign that is paused until another time changes that time; one without a time ends by no clock. */
function changesPause(campaign: Judged, { command, until }: CommandStep): boolean {
  if (command !== 'pause') return false;
  const pause = pauseOf(campaign);
  return pause !== null && !isSameUntil(pause.until ?? null, until);
}

function pauseOf({ state }: Judged): Change | null {
  const last = lastChangeOf(state.campaign);
  return last?.change === 'paused' ? last : null;
}

function isSameUntil(a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : Math.abs(a - b) < SAME_UNTIL_MS;
}

function changed(...deliveries: readonly CampaignDelivery[]): Decided {
  return { outcome: 'changed', deliveries };
}
