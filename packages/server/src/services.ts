import type { FastifyBaseLogger } from 'fastify';
import type { Authenticator } from './access/authenticator.ts';
import type { HeavyReads } from './access/heavy-reads.ts';
import type { LiveConnections } from './access/live-connections.ts';
import type { LiveGuards } from './access/live-guards.ts';
import type { NumbersSeen } from './access/numbers-seen.ts';
import type { RateLimits } from './access/rate-limits.ts';
import type { SecretBox } from './access/secret-box.ts';
import type { Nodes } from './bus/nodes.ts';
import type { Config } from './config/options.ts';
import type { Control } from './control/control.ts';
import type { Dialers } from './dialer/dialers.ts';
import type { RequestCounts } from './http/request-counts.ts';
import type { Intake } from './ingest/intake.ts';
import type { IntakeStatus } from './ingest/intake-status.ts';
import type { Applied } from './ingest/receipt.ts';
import type { SpooledStore } from './ingest/spool/spooled-store.ts';
import type { LiveHub } from './live/hub.ts';
import type { LiveStatus } from './live/live-status.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Accounts } from './providers/accounts.ts';
import type { OverviewService } from './reports/overview.ts';
import type { ReportCache } from './reports/report-cache.ts';
import type { Simulation } from './simulation/simulation.ts';
import type { Store } from './store/store.ts';
import type { SweepStatus } from './sweeper/sweep-status.ts';
import type { ChunkRunner } from './upkeep/chunk-runner.ts';

/** The parts of a running server, as routes see them. Wired in one place, `server.ts`. */
export interface Services {
  readonly config: Config;
  readonly store: Store;
  readonly intake: Intake;
  /** Where receipts wait while the store is away; `null` for the embedded store, which never is. */
  readonly spool: Pick<SpooledStore, 'read' | 'keep'> | null;
  /** The other nodes of the store. */
  readonly nodes: Nodes;
  readonly status: IntakeStatus;
  readonly sweep: SweepStatus;
  /** Dials the campaigns that Ringside dials. */
  readonly dialers: Dialers;
  readonly reports: ReportCache;
  readonly overviews: OverviewService;
  readonly hub: LiveHub;
  readonly live: LiveStatus;
  readonly requests: RequestCounts;
  readonly metrics: Metrics;
  /** Scores past calls again by new rules. */
  readonly rescorer: ChunkRunner;
  /** Deletes records that are kept no longer. */
  readonly retainer: ChunkRunner;
  /** Looks through what is stored for erased numbers. */
  readonly eraser: ChunkRunner;
  readonly authenticator: Authenticator;
  readonly guards: LiveGuards;
  readonly limits: RateLimits;
  readonly liveConnections: LiveConnections;
  readonly heavyReads: HeavyReads;
  readonly accounts: Accounts;
  readonly box: SecretBox;
  readonly numbersSeen: NumbersSeen;
  /** Commands to campaigns. */
  readonly control: Control;
  /** Simulated campaigns. */
  readonly simulation: Simulation;
  /** Lets a change of access count at once on this node; the others notice within half a second. */
  readonly accessChanged: () => Promise<void>;
  readonly log: FastifyBaseLogger;
  /** Of this program. */
  readonly version: string;
  /** Tells caches and live viewers what a commit changed. */
  readonly publish: (applied: Applied) => void;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The workspace of the configured Plivo account, and of callback URLs that name none. */
  readonly workspace: string;
  /** URLs under which the provider reaches this server, without a slash at the end. */
  readonly publicUrls: readonly string[];
  /** Names this life of the store; empty until it was open. */
  readonly epoch: () => string;
  /** False until accounts and workspaces were read from the store for the first time. */
  readonly isLoaded: () => boolean;
  /** False once the server is stopping. */
  readonly isReady: () => boolean;
}
