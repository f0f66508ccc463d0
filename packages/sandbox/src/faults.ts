import type { CallbackKind } from './callback.ts';
import { between, chance, seededRandom } from './random.ts';

/** What goes wrong on purpose. Shares lie between 0 and 1 and are of callbacks. */
export interface Faults {
  /** Sent a second time, later. */
  readonly duplicate: number;
  /** Of rings, answers and machine verdicts: sent only after the call's hangup. */
  readonly reorder: number;
  /** Never sent. */
  readonly drop: number;
  /** Preceded by a forgery: the same callback with a signature that does not fit. */
  readonly badSignatures: number;
  /** Each callback comes up to this many seconds late. */
  readonly lateSeconds: number;
}

export const noFaults: Faults = { duplicate: 0, reorder: 0, drop: 0, badSignatures: 0, lateSeconds: 0 };

/** What goes wrong with one callback. Times are milliseconds. */
export interface Mishap {
  readonly dropped: boolean;
  readonly heldBack: boolean;
  readonly lateMs: number;
  /** `sameNonce`: sent again byte for byte, rather than signed anew. */
  readonly duplicate: { readonly afterMs: number; readonly sameNonce: boolean } | null;
  /** `token`: signed with another token. `body`: changed after it was signed. */
  readonly forgery: 'token' | 'body' | null;
}

/** Decides what goes wrong with a callback: the same each time for the same seed, call and kind. */
export function mishapOf(
  faults: Faults,
  seed: string,
  call: { readonly contact: number; readonly attempt: number },
  kind: CallbackKind,
): Mishap {
  const random = seededRandom(seed, 'fault', call.contact, call.attempt, kind);
  const dropped = chance(random, faults.drop);
  const heldBack = chance(random, faults.reorder) && kind !== 'hangup';
  const lateMs = between(random, 0, faults.lateSeconds * 1_000);
  const duplicated = chance(random, faults.duplicate);
  const duplicate = { afterMs: between(random, 200, 3_000), sameNonce: chance(random, 0.5) };
  const forged = chance(random, faults.badSignatures);
  const forgery = chance(random, 0.5) ? 'token' : 'body';
  return {
    dropped,
    heldBack,
    lateMs,
    duplicate: duplicated && !dropped ? duplicate : null,
    forgery: forged ? forgery : null,
  };
}
