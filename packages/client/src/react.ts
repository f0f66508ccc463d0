import type { Overview, Report } from '@ringside/protocol';
import { useMemo, useSyncExternalStore } from 'react';
import type { RingsideClient } from './client.ts';
import type { ConnectionStatus } from './status.ts';
import type { LiveValue, Target, ValueOf } from './subscription.ts';

const nothing: LiveValue<never> = { value: null, error: null };

/** The live report of a campaign, whole, for as long as the component is shown. @param recent 0 to 100, default 25 */
export function useReport(client: RingsideClient, campaignId: string, recent = 25): LiveValue<Report> {
  const store = useMemo(() => storeOf(client, { campaignId, recent }), [client, campaignId, recent]);
  return useSyncExternalStore(store.subscribe, store.read, store.read);
}

/** The live overview of the workspace. */
export function useOverview(client: RingsideClient): LiveValue<Overview> {
  const store = useMemo(() => storeOf(client, { overview: true }), [client]);
  return useSyncExternalStore(store.subscribe, store.read, store.read);
}

/** How fresh live values are; renders again when the state or the transport changes. */
export function useConnectionStatus(client: RingsideClient): ConnectionStatus {
  const store = useMemo(() => statusStoreOf(client), [client]);
  return useSyncExternalStore(store.subscribe, store.read, store.read);
}

function storeOf<T extends Target>(client: RingsideClient, target: T) {
  let live: LiveValue<ValueOf<T>> = nothing;
  return {
    subscribe(listener: () => void): () => void {
      const subscription = client.subscribe(target, (next) => {
        live = next;
        listener();
      });
      if (subscription.current.value || subscription.current.error) live = subscription.current;
      return () => subscription.close();
    },
    read: () => live,
  };
}

/** `heardAt` moves with every message, so the status is read only when its state changes. */
function statusStoreOf(client: RingsideClient) {
  let status = client.status;
  return {
    subscribe(listener: () => void): () => void {
      status = client.status;
      return client.onStatus(() => {
        status = client.status;
        listener();
      });
    },
    read: () => status,
  };
}
