import type { EventInput } from '@ringside/protocol';
import { type Account, type CallbackKind, callbackRequest, callbackUrl } from './callback.ts';
import { type Delivered, type DeliveryEffects, type DeliveryPolicy, deliver } from './delivery.ts';
import { type Faults, type Mishap, mishapOf } from './faults.ts';
import type { Form } from './forms.ts';
import type { HttpRequest } from './http.ts';
import type { CallRecord, MessageKind, RunRecord, Undelivered } from './record.ts';
import type { RingsideApi } from './ringside-api.ts';

/** Carries a campaign's messages, with all that goes wrong on the way, and notes what became of each. */
export interface Courier {
  /** Sends a callback, now or as its mishap has it. */
  readonly callback: (call: CallRecord, kind: CallbackKind, form: Form) => void;
  /** Sends an event about a call to the API; no faults are played there. */
  readonly event: (call: CallRecord, kind: MessageKind, event: EventInput) => void;
  /** Resolves when nothing is under way any more. What still waits for a hangup that will not come is given up. */
  readonly settle: () => Promise<void>;
}

export interface CourierSetup {
  readonly account: Account;
  readonly api: RingsideApi;
  readonly policy: DeliveryPolicy;
  readonly faults: Faults;
  readonly record: RunRecord;
  readonly effects: DeliveryEffects & { readonly nonce: () => string };
  readonly onUndelivered: ((undelivered: Undelivered) => void) | undefined;
}

interface Parcel {
  readonly call: CallRecord;
  readonly kind: CallbackKind;
  readonly form: Form;
  readonly mishap: Mishap;
}

export function createCourier(setup: CourierSetup): Courier {
  const underWay = new Set<Promise<void>>();
  const heldBack = new Map<string, Parcel[]>();

  const start = (task: Promise<void>) => {
    underWay.add(task);
    void task.finally(() => underWay.delete(task));
  };

  const hangupSent = ({ callUuid }: CallRecord) => {
    for (const parcel of heldBack.get(callUuid) ?? []) start(carry(setup, parcel));
    heldBack.delete(callUuid);
  };

  return {
    callback: (call, kind, form) => {
      const mishap = mishapOf(setup.faults, setup.record.seed, call, kind);
      const parcel = { call, kind, form, mishap };
      call.fates[kind] = 'pending';
      if (mishap.heldBack) heldBack.set(call.callUuid, [...(heldBack.get(call.callUuid) ?? []), parcel]);
      else if (kind === 'hangup') start(carry(setup, parcel).then(() => hangupSent(call)));
      else start(carry(setup, parcel));
    },
    event: (call, kind, event) => {
      call.fates[kind] = 'pending';
      start(setup.api.event(event).then((delivered) => note(setup, call, kind, delivered)));
    },
    settle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
      for (const { call, kind } of [...heldBack.values()].flat()) {
        giveUp(setup, call, kind, 'the run was stopped');
      }
      heldBack.clear();
    },
  };
}

async function carry(setup: CourierSetup, parcel: Parcel): Promise<void> {
  const { account, record, policy, effects } = setup;
  const { call, kind, form, mishap } = parcel;
  const { traffic } = record;
  if (mishap.lateMs > 0) await effects.sleep(mishap.lateMs);
  const url = callbackUrl(account.base, kind, record.campaignId);
  const genuine = callbackRequest(account, url, form, effects.nonce());
  if (mishap.forgery) await forge(setup, parcel, url, genuine);
  if (mishap.dropped) {
    call.fates[kind] = 'dropped';
    traffic.dropped += 1;
    return;
  }
  note(setup, call, kind, await deliver(genuine, policy, effects));
  if (mishap.duplicate) {
    await effects.sleep(mishap.duplicate.afterMs);
    const again = mishap.duplicate.sameNonce ? genuine : callbackRequest(account, url, form, effects.nonce());
    const delivered = await deliver(again, policy, effects);
    traffic.duplicates += delivered.ok ? 1 : 0;
    traffic.retries += delivered.tries - 1;
  }
}

/** Sends what somebody without the token could send. It goes ahead of the genuine callback, which it must not harm. */
async function forge(
  { account, record, policy, effects }: CourierSetup,
  { form, mishap }: Parcel,
  url: string,
  genuine: HttpRequest,
): Promise<void> {
  const changed = { ...form, From: '+10000000000', ...(form.Duration === undefined ? {} : { Duration: '9999' }) };
  const forgery =
    mishap.forgery === 'token'
      ? callbackRequest({ ...account, authTokens: ['not-the-token-of-this-account'] }, url, form, effects.nonce())
      : { ...callbackRequest(account, url, changed, ''), headers: genuine.headers };
  const reply = await effects.send(forgery, policy);
  record.traffic.forgeries += 1;
  if (reply.kind === 'answer' && reply.status < 300) record.traffic.forgeriesAccepted += 1;
}

function note(setup: CourierSetup, call: CallRecord, kind: MessageKind, delivered: Delivered): void {
  const { traffic } = setup.record;
  traffic.retries += delivered.tries - 1;
  if (delivered.ok) {
    call.fates[kind] = 'delivered';
    traffic.delivered += 1;
  } else giveUp(setup, call, kind, delivered.reason);
}

function giveUp({ record, onUndelivered }: CourierSetup, call: CallRecord, kind: MessageKind, reason: string): void {
  const undelivered = { callUuid: call.callUuid, kind, reason };
  call.fates[kind] = 'undelivered';
  record.undelivered.push(undelivered);
  onUndelivered?.(undelivered);
}
