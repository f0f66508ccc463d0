import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config/options.ts';
import type { Effects } from '../effects.ts';
import type { Touched } from '../ingest/receipt.ts';
import type { SharedStore } from '../store/among-nodes.ts';
import { MOST_CAMPAIGNS } from '../store/limits.ts';
import { Lease, type Ownership, type OwnLease, soleOwner } from '../upkeep/lease.ts';
import { type Bus, localBus } from './bus.ts';
import { NatsBus } from './nats-bus.ts';
import { PostgresBus } from './postgres-bus.ts';
import { alone, type Freshness, Watch } from './watch.ts';

/** What makes one node of several: how it hears of the others, and whose work is whose. */
export interface Nodes {
  readonly bus: Bus;
  readonly freshness: Freshness;
  /** Looking for lost calls, deleting, erasing, scoring again. */
  readonly upkeep: Ownership;
  /** Further work that only one node does, by name. */
  lease(name: string): OwnLease;
  /** @param changed tells caches and viewers of this node what another committed */
  start(changed: (touched: readonly Touched[]) => void): void;
  stop(): Promise<void>;
}

const noOthers: Nodes = {
  bus: localBus,
  freshness: alone,
  upkeep: soleOwner,
  lease: () => ({ ...soleOwner, start: () => {}, stop: async () => {} }),
  start: () => {},
  stop: async () => {},
};

export interface NodesParts {
  readonly config: Pick<Config, 'databaseUrl' | 'natsServers'>;
  /** `null` for a store of one node. */
  readonly shared: SharedStore | null;
  readonly effects: Effects;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
}

export function nodesOf({ config, shared, effects, log }: NodesParts): Nodes {
  if (!shared) {
    if (config.natsServers.length > 0) log.warn('NATS_URL is not used: there are other nodes only with DATABASE_URL');
    return noOthers;
  }
  const node = `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const bus = busOf(config, () => shared.id, { node, effects, log });
  const watch = new Watch({ shared, bus, effects, log, mostOfWorkspace: MOST_CAMPAIGNS });
  const leaseOf = (name: string) => new Lease({ name, owner: node, table: shared.leases, effects, log });
  const upkeep = leaseOf('upkeep');
  return {
    bus,
    freshness: watch,
    upkeep,
    lease: leaseOf,
    start(changed) {
      watch.start(changed);
      upkeep.start();
    },
    async stop() {
      await Promise.all([watch.stop(), upkeep.stop()]);
    },
  };
}

function busOf(
  { natsServers: servers, databaseUrl: url }: NodesParts['config'],
  storeId: () => string,
  parts: Pick<NodesParts, 'effects' | 'log'> & { readonly node: string },
): Bus {
  return servers.length > 0 ? new NatsBus({ ...parts, servers, storeId }) : new PostgresBus({ ...parts, url });
}
