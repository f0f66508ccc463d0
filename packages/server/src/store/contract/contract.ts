import { accessContract } from './access.ts';
import { callbacksContract } from './callbacks.ts';
import { campaignEventsContract } from './campaign-events.ts';
import { controlContract } from './control.ts';
import { dialingContract } from './dialing.ts';
import { erasingContract } from './erasing.ts';
import { listsContract } from './lists.ts';
import type { StoreKind } from './place.ts';
import { retentionContract } from './retention.ts';
import { staleCallsContract } from './stale-calls.ts';
import { writesContract } from './writes.ts';

/** Everything that a store must do, whatever it is. @param kind asked when a test runs @param runs random campaigns of each law */
export function storeContract(kind: () => StoreKind, runs = 60): void {
  writesContract(kind, runs);
  callbacksContract(kind);
  campaignEventsContract(kind);
  listsContract(kind);
  staleCallsContract(kind);
  accessContract(kind);
  controlContract(kind);
  dialingContract(kind, Math.ceil(runs / 2));
  retentionContract(kind, runs);
  erasingContract(kind, Math.ceil(runs / 2));
}
