import { createHeap, type Heap } from './heap.ts';
import { type CallPlan, isRetried } from './plan.ts';

/** Something that happens to a call. `dial` is its placing. */
export type MomentKind = 'dial' | 'ring' | 'answer' | 'machine' | 'lead' | 'hangup';

export interface Moment {
  /** Milliseconds since the start of the campaign, at speed 1. */
  readonly at: number;
  readonly kind: MomentKind;
  /** When the call of this moment was placed, on the same clock. */
  readonly dialedAt: number;
  readonly plan: CallPlan;
}

/** The dialer's limits, and what will become of each call. */
export interface Dialing {
  readonly contacts: number;
  readonly concurrency: number;
  readonly callsPerSecond: number;
  readonly maxAttempts: number;
  readonly retryDelaySeconds: number;
  readonly planOf: (contact: number, attempt: number) => CallPlan;
}

interface Retry {
  readonly dueAt: number;
  readonly contact: number;
  readonly attempt: number;
}

interface Dialer {
  readonly dialing: Dialing;
  readonly moments: Heap<Moment>;
  readonly retries: Heap<Retry>;
  nextContact: number;
  active: number;
  now: number;
  /** Calls per second: the next call may not start before this. */
  nextStart: number;
}

/**
 * Everything that happens in a campaign, in the order in which it happens: the dialer starts a call whenever the list,
 * the concurrency and the calls per second allow, due retries before fresh contacts. Time is counted, not waited for.
 */
export function* timeline(dialing: Dialing): Generator<Moment, void> {
  const dialer: Dialer = {
    dialing,
    moments: createHeap<Moment>((a, b) => a.at < b.at || (a.at === b.at && a.dialedAt < b.dialedAt)),
    retries: createHeap<Retry>((a, b) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.contact < b.contact)),
    nextContact: 0,
    active: 0,
    now: 0,
    nextStart: 0,
  };
  for (;;) {
    const next = dialer.moments.peek();
    const startAt = nextDial(dialer);
    if (startAt !== null && (next === undefined || startAt <= next.at)) yield dial(dialer, startAt);
    else if (next !== undefined) yield pass(dialer);
    else return;
  }
}

/** When the next call can start; `null` while the lines are full or the list is done. */
function nextDial({ dialing, retries, nextContact, active, now, nextStart }: Dialer): number | null {
  if (active >= dialing.concurrency) return null;
  if (nextContact < dialing.contacts) return Math.max(now, nextStart);
  const retry = retries.peek();
  return retry === undefined ? null : Math.max(now, nextStart, retry.dueAt);
}

function dial(dialer: Dialer, at: number): Moment {
  const { dialing, retries } = dialer;
  const due = retries.peek();
  const retry = due !== undefined && due.dueAt <= at ? retries.pop() : undefined;
  const plan = retry ? dialing.planOf(retry.contact, retry.attempt) : dialing.planOf(dialer.nextContact++, 1);
  dialer.now = at;
  dialer.nextStart = at + 1_000 / dialing.callsPerSecond;
  dialer.active += 1;
  for (const [kind, afterMs] of momentsOf(plan)) {
    dialer.moments.push({ at: at + afterMs, kind, dialedAt: at, plan });
  }
  return { at, kind: 'dial', dialedAt: at, plan };
}

function pass(dialer: Dialer): Moment {
  const moment = dialer.moments.pop() as Moment;
  const { dialing } = dialer;
  dialer.now = moment.at;
  if (moment.kind === 'hangup') {
    dialer.active -= 1;
    if (isRetried(moment.plan, dialing.maxAttempts)) {
      const dueAt = moment.at + dialing.retryDelaySeconds * 1_000;
      dialer.retries.push({ dueAt, contact: moment.plan.contact, attempt: moment.plan.attempt + 1 });
    }
  }
  return moment;
}

function momentsOf(plan: CallPlan): (readonly [kind: MomentKind, afterMs: number])[] {
  const moments: [MomentKind, number][] = [['hangup', plan.endMs]];
  if (plan.ringMs !== null) moments.push(['ring', plan.ringMs]);
  if (plan.answerMs !== null) moments.push(['answer', plan.answerMs]);
  if (plan.machine) moments.push(['machine', plan.machine.atMs]);
  if (plan.lead) moments.push(['lead', plan.lead.atMs]);
  return moments;
}
