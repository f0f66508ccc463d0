import { dialingAttemptsContract } from './dialing-attempts.ts';
import { dialingListsContract } from './dialing-lists.ts';
import type { StoreKind } from './place.ts';

/** What every store owes the dialer. */
export function dialingContract(kind: () => StoreKind): void {
  dialingListsContract(kind);
  dialingAttemptsContract(kind);
}
