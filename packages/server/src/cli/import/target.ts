import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '@ringside/core';
import type { CampaignCreate, EventResults, Problem } from '@ringside/protocol';
import { openStore, type StoreConfig } from '../../store/open-store.ts';
import { isStoreLocked } from '../../store/sqlite/lock.ts';
import { CliError } from '../terminal.ts';

/** One checked event on its way into a store. */
export interface ImportItem {
  /** As it is sent. */
  readonly event: unknown;
  readonly campaignId: string;
  /** As it is stored. */
  readonly delivery: Delivery;
}

/** What became of it; `reason` where it was refused. */
export interface ItemResult {
  readonly result: 'accepted' | 'unchanged' | 'rejected';
  readonly reason: string | null;
}

/** Where past calls go. Whatever it is, they take the one write path. */
export interface ImportTarget {
  /** `exists`: a campaign of that id with other facts is there, and is left as it is. */
  register(campaign: CampaignCreate): Promise<'registered' | 'exists'>;
  send(items: readonly ImportItem[]): Promise<readonly ItemResult[]>;
  close(): Promise<void>;
}

const TRIES = 8;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;

/** A running server. What it cannot take now is sent again; sending twice changes nothing. */
export function serverTarget(base: string, key: string): ImportTarget {
  const post = async (path: string, body: unknown): Promise<Response> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const text = JSON.stringify(body);
    let trouble = '';
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      if (attempt > 0) await sleep(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt));
      try {
        const response = await fetch(base + path, { method: 'POST', headers, body: text, redirect: 'manual' });
        if (response.status < 500 && response.status !== 429) return response;
        trouble = `it answers ${response.status}`;
      } catch (error) {
        trouble = (error as { cause?: Error }).cause?.message ?? (error as Error).message;
      }
    }
    throw new CliError(`the server at ${base} does not take events: ${trouble}`);
  };
  return {
    async register(campaign) {
      const response = await post('/v1/campaigns', campaign);
      if (response.ok) return 'registered';
      if (response.status === 409) return 'exists';
      throw await refusal(base, response);
    },
    async send(items) {
      const response = await post('/v1/events?source=import', { events: items.map(({ event }) => event) });
      if (!response.ok) throw await refusal(base, response);
      const { results } = (await response.json()) as EventResults;
      return results.map(({ result, code, field, message }) => ({
        result: result === 'queued' ? 'accepted' : result,
        reason: result === 'rejected' ? [code, field, message].filter(Boolean).join(' ') : null,
      }));
    },
    close: async () => {},
  };
}

async function refusal(base: string, response: Response): Promise<CliError> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  return new CliError(`the server at ${base} refused: ${problem?.detail ?? response.status}`);
}

/** The data folder of a server that does not run; or PostgreSQL, whoever else writes to it. */
export async function storeTarget(config: StoreConfig, workspace: string): Promise<ImportTarget> {
  const { databaseUrl, dataDir } = config;
  if (databaseUrl === '' && isStoreLocked(dataDir)) {
    throw new CliError(
      `a server has the store in ${dataDir}: import through it with --url or RINGSIDE_URL, or stop it`,
    );
  }
  const store = await openStore(config);
  return {
    async register(campaign) {
      const { outcome } = await store.register(workspace, campaign, 'import', Date.now(), {
        ...{ at: Date.now(), workspace, actor: 'cli', address: null },
        ...{ action: 'campaign.registered', target: campaign.id, after: campaign },
      });
      return outcome === 'conflict' ? 'exists' : 'registered';
    },
    async send(items) {
      const { results } = await store.apply(
        items.map(({ campaignId, delivery }) => ({
          kind: 'delivery',
          workspace,
          receivedAt: delivery.receivedAt,
          campaignId,
          delivery,
        })),
      );
      return results.map((result) =>
        result.result === 'rejected'
          ? { result: 'rejected', reason: result.code }
          : { result: result.result === 'aside' ? 'accepted' : result.result, reason: null },
      );
    },
    close: () => store.close(),
  };
}
