import { dialingAttemptsContract } from './dialing-attempts.ts';
import { dialingContactsContract } from './dialing-contacts.ts';
import { dialingDoubtsContract } from './dialing-doubts.ts';
import { dialingErasingContract } from './dialing-erasing.ts';
import { dialingLawsContract } from './dialing-laws.ts';
import { dialingListsContract } from './dialing-lists.ts';
import { dialingRetentionContract } from './dialing-retention.ts';
import type { StoreKind } from './place.ts';

/** What every store owes the dialer. @param runs random campaigns of the laws */
export function dialingContract(kind: () => StoreKind, runs: number): void {
  dialingListsContract(kind);
  dialingAttemptsContract(kind);
  dialingDoubtsContract(kind);
  dialingLawsContract(kind, runs);
  dialingContactsContract(kind);
  dialingErasingContract(kind);
  dialingRetentionContract(kind);
}
