import { accessContract } from './access.ts';
import { callbacksContract } from './callbacks.ts';
import { listsContract } from './lists.ts';
import type { StoreKind } from './place.ts';
import { staleCallsContract } from './stale-calls.ts';
import { writesContract } from './writes.ts';

/** Everything that a store must do, whatever it is. @param kind asked when a test runs */
export function storeContract(kind: () => StoreKind): void {
  writesContract(kind, 60);
  callbacksContract(kind);
  listsContract(kind);
  staleCallsContract(kind);
  accessContract(kind);
}
