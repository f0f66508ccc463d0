import { about, endOf, factsOf, leadEvent } from '../call-facts.ts';
import type { CallbackMessage, Courier } from '../courier.ts';
import type { Delivered } from '../delivery.ts';
import { type Form, hangupForm, machineForm, ringForm, startAppForm } from '../forms.ts';
import type { CallPlan } from '../plan.ts';
import type { MomentKind } from '../timeline.ts';
import type { Agenda } from './agenda.ts';
import { readAnswer } from './answer-xml.ts';
import type { CallBook } from './call-book.ts';
import type { CallRequest } from './call-request.ts';
import { type Cut, cutShort, type PlacedCall } from './placed-call.ts';

export interface PlayerSetup {
  readonly courier: Courier;
  readonly agenda: Agenda;
  readonly book: CallBook;
  /** IANA zone of the account's console. */
  readonly zone: string;
  /** Everything is that many times faster. */
  readonly speed: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A call that is being played. */
export interface Performance {
  readonly call: PlacedCall;
  readonly plan: CallPlan;
  readonly request: CallRequest;
}

/** Lets placed calls take their course. */
export interface Player {
  readonly start: (performance: Performance) => void;
  /** Ends a live call by request. */
  readonly hangUp: (callUuid: string) => void;
}

export function createPlayer(setup: PlayerSetup): Player {
  const { agenda, speed, now } = setup;
  const playing = new Map<string, Performance>();

  const hangUp = (performance: Performance, cut: Cut) => {
    if (performance.call.ended) return;
    cutShort(performance.call, cut);
    end(performance);
  };

  const end = (performance: Performance) => {
    playing.delete(performance.call.callUuid);
    setup.book.end(performance.call);
    void sendHangup(setup, performance);
  };

  const answer = async (performance: Performance) => {
    const delivered = await send(setup, performance, { kind: 'answer', form: answerForm(performance) });
    const stop = delivered && stopOf(delivered);
    if (stop) hangUp(performance, { at: now(), ...stop });
  };

  const act = (kind: Exclude<MomentKind, 'dial'>, performance: Performance) => {
    const { call, plan } = performance;
    if (kind === 'lead') {
      if (call.lead !== null) tellLead(setup, performance);
    } else if (call.ended) return;
    else if (kind === 'hangup') end(performance);
    else if (kind === 'answer') void answer(performance);
    else if (kind === 'ring') void send(setup, performance, { kind, form: ringForm(factsFor(call)) });
    else {
      const form = machineForm(factsFor(call), plan.machine?.action ?? 'continue');
      void send(setup, performance, { kind, form });
    }
  };

  return {
    start: (performance) => {
      const { call, plan, request } = performance;
      playing.set(call.callUuid, performance);
      for (const [kind, afterMs] of momentsOf(plan, request)) {
        agenda.at(call.initiatedAt + afterMs / speed, () => act(kind, performance));
      }
    },
    hangUp: (callUuid) => {
      const performance = playing.get(callUuid);
      if (performance === undefined) return;
      const at = now();
      const { answeredAt } = performance.call;
      const code = answeredAt !== null && answeredAt <= at ? 4000 : 1000;
      hangUp(performance, { at, code, source: 'API Request' });
    },
  };
}

/** Whether machine detection keeps the call waiting, as it does without a URL of its own to tell its verdict to. */
function isDetectedFirst({ machineDetection, routes }: CallRequest): boolean {
  return machineDetection !== null && routes.machine === undefined;
}

function momentsOf(plan: CallPlan, request: CallRequest): (readonly [Exclude<MomentKind, 'dial'>, number])[] {
  const { ringMs, answerMs, machine, lead, endMs } = plan;
  const moments: [Exclude<MomentKind, 'dial'>, number][] = [];
  if (ringMs !== null) moments.push(['ring', ringMs]);
  const first = isDetectedFirst(request) ? machine : null;
  if (answerMs !== null && first?.action !== 'hangup') moments.push(['answer', first?.atMs ?? answerMs]);
  if (machine !== null && first === null) moments.push(['machine', machine.atMs]);
  if (lead !== null) moments.push(['lead', lead.atMs]);
  moments.push(['hangup', endMs]);
  return moments;
}

function factsFor(call: PlacedCall) {
  return factsOf(call, call.authId, call.requestUuid);
}

async function send(
  { courier }: PlayerSetup,
  { call, request }: Performance,
  { kind, form }: Pick<CallbackMessage, 'kind' | 'form'>,
): Promise<Delivered | null> {
  const route = request.routes[kind];
  return route === undefined ? null : courier.callback({ call, kind, form, route });
}

function answerForm({ call, plan, request }: Performance): Form {
  const isMachine = isDetectedFirst(request) && plan.machine !== null;
  return { ...startAppForm(factsFor(call)), ...(isMachine ? { Machine: 'true' } : {}) };
}

async function sendHangup(setup: PlayerSetup, performance: Performance): Promise<void> {
  const { call, request } = performance;
  const isMachine = isDetectedFirst(request) && call.answeredBy === 'machine';
  const told = hangupForm(factsFor(call), endOf(call, setup.zone));
  await send(setup, performance, { kind: 'hangup', form: isMachine ? { ...told, Machine: 'true' } : told });
  // The verdict came with the hangup, so it has the hangup's fate.
  if (isMachine) call.fates.machine = call.fates.hangup;
}

function tellLead({ courier, now }: PlayerSetup, { call, plan }: Performance): void {
  if (call.campaignId === null) return;
  courier.event(call, 'lead', leadEvent(plan.lead, about(call, call.campaignId, call.leadAt ?? now())));
}

/** What the answer to the answer callback ends the call with; `null`: it goes on. */
function stopOf(delivered: Delivered): Pick<Cut, 'code' | 'source'> | null {
  if (!delivered.ok) return { code: 7011, source: 'Error' };
  switch (readAnswer(delivered.body)) {
    case 'goes on':
      return null;
    case 'hangup':
      return { code: 4000, source: 'Answer XML' };
    case 'silent':
      return { code: 4010, source: 'Answer XML' };
    case 'invalid':
      return { code: 8011, source: 'Error' };
  }
}
