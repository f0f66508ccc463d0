import type { RetryRules } from '../contact-view.ts';
import { pieces } from '../export-pieces.ts';
import type { Piece } from '../list-reader.ts';
import type { Reads } from '../reads.ts';
import { StoreFault } from '../store.ts';
import type { Reader } from './reader.ts';
import { openThread, type Thread } from './thread.ts';

/** What stands in the memory of the writing thread only. */
export interface Standings {
  /** What says where contacts of a campaign stand, `null` for an unknown campaign. */
  retryRules(workspace: string, id: string, now: number): Promise<RetryRules | null>;
}

/** Reads of the embedded store, by a thread that starts when it is first needed. */
export interface ReadsClient extends Reads {
  close(): Promise<void>;
}

/** A piece of an export is garbage as soon as it is sent: a small nursery keeps what lies about small. */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

/** @param dataDir folder of a store that is open already: a reader cannot make one */
export function readsOf(dataDir: string, standings: Standings): ReadsClient {
  let thread: Promise<Thread<Reader>> | null = null;
  let isClosed = false;

  async function call(method: keyof Reader & string, ...args: unknown[]): Promise<never> {
    if (isClosed) throw new StoreFault('the store is closed');
    // A thread that ended is started again by the next read: it holds nothing but what is stored.
    const forget = (): void => {
      thread = null;
    };
    thread ??= openThread<Reader>('reader-worker', { workerData: { dataDir }, onEnd: forget, limits: LIMITS }).catch(
      (error: Error) => {
        forget();
        throw new StoreFault('the reading thread does not start', { cause: error });
      },
    );
    return (await thread).call(method, ...args);
  }

  return {
    calls: (workspace, id, query) => call('calls', workspace, id, query),
    call: (workspace, id, callId, mask) => call('call', workspace, id, callId, mask),
    async contacts(workspace, id, query, now) {
      const rules = await standings.retryRules(workspace, id, now);
      return rules ? call('contacts', workspace, id, query, rules) : { outcome: 'no-campaign' };
    },
    async exportCalls(workspace, id, query) {
      const first: Piece<unknown> | null = await call('callsPiece', workspace, id, query, null);
      return first && pieces(first, (at) => call('callsPiece', workspace, id, query, at));
    },
    async exportContacts(workspace, id, query, now) {
      const rules = await standings.retryRules(workspace, id, now);
      if (!rules) return null;
      const first: Piece<unknown> = await call('contactsPiece', workspace, id, query, rules, null);
      return pieces(first, (at) => call('contactsPiece', workspace, id, query, rules, at));
    },
    previewLeadRules: (workspace, rules, id, mask) => call('previewLeadRules', workspace, rules, id, mask),
    reportAsOf: (workspace, id, at, recent) => call('reportAsOf', workspace, id, at, recent),
    async close() {
      isClosed = true;
      const started = await thread?.catch(() => null);
      await started?.end();
    },
  };
}
