import { dialingAttemptsContract } from './dialing-attempts.ts';
import { dialingContactsContract } from './dialing-contacts.ts';
import { dialingErasingContract } from './dialing-erasing.ts';
import { dialingListsContract } from './dialing-lists.ts';
import { dialingRetentionContract } from './dialing-retention.ts';
import type { StoreKind } from './place.ts';

/** What every store owes the dialer. */
export function dialingContract(kind: () => StoreKind): void {
  dialingListsContract(kind);
  dialingAttemptsContract(kind);
  dialingContactsContract(kind);
  dialingErasingContract(kind);
  dialingRetentionContract(kind);
}
