import type { EventInput } from '@ringside/protocol';
import { type CallbackKind, callbackRequest } from './callback.ts';
import { type Delivered, type DeliveryEffects, type DeliveryPolicy, deliver } from './delivery.ts';
import { type Faults, type Mishap, mishapOf } from './faults.ts';
import type { Form } from './forms.ts';
import type { HttpRequest } from './http.ts';
import type { CallRecord, MessageKind, RunRecord, Undelivered } from './record.ts';
import type { RingsideApi } from './ringside-api.ts';
import type { Method } from './signature.ts';

/** Where a callback goes, how, and how hard it is delivered. */
export interface Route {
  readonly url: string;
  readonly method: Method;
  readonly policy: DeliveryPolicy;
}

/** A callback of a call. */
export interface CallbackMessage {
  readonly call: CallRecord;
  readonly kind: CallbackKind;
  readonly form: Form;
  readonly route: Route;
}

/** Carries messages about calls, with all that goes wrong on the way, and notes what became of each. */
export interface Courier {
  /**
   * Sends a callback, now or as its mishap has it.
   *
   * @returns what became of it; `null` if it is dropped, or held back for the hangup
   */
  readonly callback: (message: CallbackMessage) => Promise<Delivered | null>;
  /** Sends an event about a call to the API; no faults are played there. */
  readonly event: (call: CallRecord, kind: MessageKind, event: EventInput) => void;
  /** Resolves when nothing is under way any more. What still waits for a hangup that will not come is given up. */
  readonly settle: () => Promise<void>;
}

export interface CourierSetup {
  readonly authTokens: readonly string[];
  /** Takes the events; without it there must be none. */
  readonly api: Pick<RingsideApi, 'event'> | null;
  readonly faults: () => Faults;
  readonly record: Pick<RunRecord, 'seed' | 'traffic' | 'undelivered'>;
  readonly effects: DeliveryEffects & { readonly nonce: () => string };
  readonly onUndelivered: ((undelivered: Undelivered) => void) | undefined;
}

interface Parcel extends CallbackMessage {
  readonly mishap: Mishap;
}

export function createCourier(setup: CourierSetup): Courier {
  const underWay = new Set<Promise<unknown>>();
  const heldBack = new Map<string, Parcel[]>();

  const start = (task: Promise<unknown>) => {
    underWay.add(task);
    void task.finally(() => underWay.delete(task));
  };

  const carry = async (parcel: Parcel): Promise<Delivered | null> => {
    const { call, kind, mishap } = parcel;
    const carried = await carryOnce(setup, parcel);
    if (carried && mishap.duplicate) start(carryAgain(setup, parcel, carried.genuine));
    if (kind === 'hangup') {
      for (const waiting of heldBack.get(call.callUuid) ?? []) start(carry(waiting));
      heldBack.delete(call.callUuid);
    }
    return carried?.delivered ?? null;
  };

  return {
    callback: async (message) => {
      const { call, kind } = message;
      const mishap = mishapOf(setup.faults(), setup.record.seed, call, kind);
      const parcel = { ...message, mishap };
      call.fates[kind] = 'pending';
      if (mishap.heldBack) {
        heldBack.set(call.callUuid, [...(heldBack.get(call.callUuid) ?? []), parcel]);
        return null;
      }
      const carried = carry(parcel);
      start(carried);
      return carried;
    },
    event: (call, kind, event) => {
      if (setup.api === null) throw new Error('there is no API that takes events');
      call.fates[kind] = 'pending';
      start(setup.api.event(event).then((delivered) => note(setup, { call, kind }, delivered)));
    },
    settle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
      for (const parcel of [...heldBack.values()].flat()) giveUp(setup, parcel, 'the run was stopped');
      heldBack.clear();
    },
  };
}

interface Carried {
  /** The request as it was sent. */
  readonly genuine: HttpRequest;
  readonly delivered: Delivered;
}

async function carryOnce(setup: CourierSetup, parcel: Parcel): Promise<Carried | null> {
  const { effects, record } = setup;
  const { call, kind, mishap, route } = parcel;
  if (mishap.lateMs > 0) await effects.sleep(mishap.lateMs);
  const genuine = signed(setup, parcel);
  if (mishap.forgery) await forge(setup, parcel, genuine);
  if (mishap.dropped) {
    call.fates[kind] = 'dropped';
    record.traffic.dropped += 1;
    return null;
  }
  const delivered = await deliver(genuine, route.policy, effects);
  note(setup, parcel, delivered);
  return { genuine, delivered };
}

async function carryAgain(setup: CourierSetup, parcel: Parcel, genuine: HttpRequest): Promise<void> {
  const { effects, record } = setup;
  const { mishap, route } = parcel;
  if (mishap.duplicate === null) return;
  await effects.sleep(mishap.duplicate.afterMs);
  const again = mishap.duplicate.sameNonce ? genuine : signed(setup, parcel);
  const delivered = await deliver(again, route.policy, effects);
  record.traffic.duplicates += delivered.ok ? 1 : 0;
  record.traffic.retries += delivered.tries - 1;
}

function signed({ authTokens, effects }: CourierSetup, { route, form }: Parcel): HttpRequest {
  return callbackRequest({ authTokens, method: route.method }, route.url, form, effects.nonce());
}

/** Sends what somebody without the token could send. It goes ahead of the genuine callback, which it must not harm. */
async function forge(
  { record, effects }: CourierSetup,
  { form, mishap, route }: Parcel,
  genuine: HttpRequest,
): Promise<void> {
  const { url, method, policy } = route;
  const changed = { ...form, From: '+10000000000', ...(form.Duration === undefined ? {} : { Duration: '9999' }) };
  const stranger = { method, authTokens: ['not-the-token-of-this-account'] };
  const forgery =
    mishap.forgery === 'token'
      ? callbackRequest(stranger, url, form, effects.nonce())
      : { ...callbackRequest(stranger, url, changed, ''), headers: genuine.headers };
  const reply = await effects.send(forgery, policy);
  record.traffic.forgeries += 1;
  if (reply.kind === 'answer' && reply.status < 300) record.traffic.forgeriesAccepted += 1;
}

interface Subject {
  readonly call: CallRecord;
  readonly kind: MessageKind;
}

function note(setup: CourierSetup, subject: Subject, delivered: Delivered): void {
  const { traffic } = setup.record;
  traffic.retries += delivered.tries - 1;
  if (delivered.ok) {
    subject.call.fates[subject.kind] = 'delivered';
    traffic.delivered += 1;
  } else giveUp(setup, subject, delivered.reason);
}

function giveUp({ record, onUndelivered }: CourierSetup, { call, kind }: Subject, reason: string): void {
  const undelivered = { callUuid: call.callUuid, kind, reason };
  call.fates[kind] = 'undelivered';
  record.undelivered.push(undelivered);
  onUndelivered?.(undelivered);
}
