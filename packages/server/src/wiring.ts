import type { FastifyBaseLogger } from 'fastify';
import { AccessWatch } from './access/access-watch.ts';
import { Authenticator } from './access/authenticator.ts';
import { HeavyReads } from './access/heavy-reads.ts';
import { HostLogins } from './access/host-login.ts';
import { LiveConnections } from './access/live-connections.ts';
import { LiveGuards } from './access/live-guards.ts';
import { NumbersSeen } from './access/numbers-seen.ts';
import { RateLimits } from './access/rate-limits.ts';
import { SecretBox, secretKeyOf } from './access/secret-box.ts';
import { WorkspaceDirectory } from './access/workspace-directory.ts';
import { type Nodes, nodesOf } from './bus/nodes.ts';
import type { Config } from './config/options.ts';
import { type ControlMade, makeControl } from './control/control-parts.ts';
import type { Dialers } from './dialer/dialers.ts';
import type { PlivoCallsSettings } from './dialer/plivo/plivo-calls.ts';
import type { DialerSettings } from './dialer/settings.ts';
import { wireDialers } from './dialer/wire-dialers.ts';
import { type Effects, realEffects } from './effects.ts';
import { RequestCounts } from './http/request-counts.ts';
import { Intake, type IntakeLimits } from './ingest/intake.ts';
import { IntakeStatus } from './ingest/intake-status.ts';
import type { Applied } from './ingest/receipt.ts';
import type { OwnSpool } from './ingest/spool/open-spool.ts';
import type { SpoolSettings } from './ingest/spool/spool.ts';
import { SpooledStore } from './ingest/spool/spooled-store.ts';
import { LiveHub } from './live/hub.ts';
import { LiveStatus } from './live/live-status.ts';
import { exposeServices } from './metrics/expose.ts';
import { Metrics } from './metrics/metrics.ts';
import { type Account, Accounts } from './providers/accounts.ts';
import { AccountDetails } from './providers/plivo/account-details.ts';
import { verifyCallback } from './providers/plivo/verify-callback.ts';
import { OverviewService } from './reports/overview.ts';
import { ReportCache } from './reports/report-cache.ts';
import type { Services } from './services.ts';
import { Simulation } from './simulation/simulation.ts';
import { DEFAULT_WORKSPACE } from './store/limits.ts';
import type { ServerStore } from './store/open-server-store.ts';
import { type Store, StoreIsAway } from './store/store.ts';
import { SweepStatus } from './sweeper/sweep-status.ts';
import { Sweeper, type SweepSettings } from './sweeper/sweeper.ts';
import { ChunkRunner } from './upkeep/chunk-runner.ts';
import { readVersion } from './version.ts';

const RETAIN_EVERY_MS = 3_600_000;
const ERASE_EVERY_MS = 10_000;
/** Whoever changes the rules may do so on a node that does not do this work. */
const RESCORE_EVERY_MS = 2_000;
const INTAKE_LIMITS: IntakeLimits = { waiting: 20_000, bytes: 64 * 1024 * 1024, batch: 1_000 };
/** PostgreSQL writes several campaigns at once, and one that waits for another node must not hold up the others. */
const BATCHES_IN_FLIGHT = 4;

/** What operators do not set: tests shorten it. */
export interface Internals {
  readonly spool?: Partial<SpoolSettings>;
  readonly sweep?: Partial<SweepSettings>;
  readonly dialing?: Partial<DialerSettings>;
  readonly plivoCalls?: Partial<PlivoCallsSettings>;
  /** How often records are looked through that are kept no longer, milliseconds. */
  readonly retainEveryMs?: number;
  readonly now?: Effects['now'];
  readonly monotonic?: Effects['monotonic'];
  /** The process is this server's alone, and its memory, processor and event loop are metrics too. */
  readonly ownsProcess?: boolean;
}

/** Where receipts end up. */
export interface Places {
  readonly storage: ServerStore;
  /** `null` for the embedded store. */
  readonly own: OwnSpool | null;
}

/** The parts of a server, not yet running. */
export interface Wired {
  readonly services: Services;
  readonly sweeper: Sweeper;
  readonly spooled: SpooledStore | null;
  readonly accessWatch: AccessWatch;
  readonly control: ControlMade;
  /** Tells caches and viewers of this node what changed, wherever that was committed. */
  readonly show: (touched: Applied['touched']) => void;
  /** Reads what is kept in memory of accounts and workspaces. */
  load(): Promise<void>;
  /** From now on the server is not ready. */
  halt(): void;
}

/** Puts the parts together. */
export function wire(config: Config, log: FastifyBaseLogger, { storage, own }: Places, internals: Internals): Wired {
  const { store } = storage;
  const { now = realEffects.now, monotonic = realEffects.monotonic } = internals;
  const effects: Effects = { ...realEffects, now, monotonic };
  let ready = true;
  let epoch = '';
  const nodes = nodesOf({ config, shared: store.shared, effects, log });
  const reading = readingParts(store, nodes, effects, log);
  const access = accessParts(config, store, effects, log);
  const show = (touched: Applied['touched']): void => {
    reading.show(touched);
    dialers.touched(touched);
  };
  const publish = ({ touched }: Applied): void => {
    show(touched);
    nodes.bus.publish(touched);
  };
  const spooled =
    own &&
    new SpooledStore({
      ...{ store, spool: own.spool, effects, log, onApplied: publish },
      isStoreThere: () => storage.isThere && epoch !== '',
      verify: (entry) => {
        const receipt = verifyCallback(services, entry);
        if (!('refused' in receipt)) services.status.verified('aside', entry.receivedAt);
        return receipt;
      },
    });
  const quotas = { perSecond: (id: string) => access.directory.eventsPerSecond(id), clock: monotonic };
  const intake = new Intake(spooled ?? store, intakeLimits(config), publish, quotas);
  const publicUrls = [...config.publicUrls];
  const dialers: Dialers = wireDialers({
    ...{ config, log, effects, settings: internals.dialing, plivo: internals.plivoCalls },
    services: { store, intake, accounts: access.parts.accounts, nodes, publicUrls, publish },
  });
  const control = makeControl({
    ...{ store, box: access.parts.box, publish, effects, log, owner: nodes.upkeep },
    dialer: { hangUpLive: (campaign) => dialers.hangUpLive(campaign) },
  });
  const { accessChanged } = access.parts;
  const simulation = new Simulation({ store, intake, isAlone: store.shared === null, now, log, accessChanged });
  const services: Services = {
    ...{ config, store, nodes, log, publish, now },
    ...reading.parts,
    ...access.parts,
    ...upkeepParts({ store, nodes, log, publish, now }, internals),
    spool: spooled,
    ...{ intake, dialers, publicUrls, simulation },
    control: control.control,
    live: new LiveStatus(),
    requests: new RequestCounts(),
    metrics: new Metrics(),
    status: new IntakeStatus(),
    sweep: new SweepStatus(),
    version: readVersion(),
    startedAt: now(),
    workspace: DEFAULT_WORKSPACE,
    epoch: () => epoch,
    isLoaded: () => epoch !== '',
    isReady: () => ready,
  };
  exposeServices(services.metrics, services);
  if (internals.ownsProcess) services.metrics.watchProcess();
  return {
    ...{ services, spooled, show, control },
    sweeper: sweeperOf(services, nodes, effects, internals),
    accessWatch: access.watch,
    async load() {
      await access.load();
      ({ epoch } = await store.ping());
    },
    halt: () => {
      ready = false;
    },
  };
}

function readingParts(store: Store, { freshness }: Nodes, effects: Effects, log: FastifyBaseLogger) {
  const reports = new ReportCache(store, effects, freshness);
  const overviews = new OverviewService(store, effects.now, freshness);
  const failed = (error: unknown): void => {
    // That it is away was said once, for all.
    if (!(error instanceof StoreIsAway)) log.error({ err: error }, 'a live update failed');
  };
  const hub = new LiveHub(reports, overviews, failed, freshness);
  const show = (touched: Applied['touched']): void => {
    for (const part of [reports, overviews, hub]) part.touch(touched);
  };
  return { parts: { reports, overviews, hub }, show };
}

function accessParts(config: Config, store: Store, effects: Effects, log: FastifyBaseLogger) {
  const { now, monotonic } = effects;
  const authenticator = new Authenticator(store.access, new HostLogins(config), effects);
  const guards = new LiveGuards(authenticator, now);
  const box = new SecretBox(secretKeyOf(config.secretKey, config.dataDir));
  const accounts = new Accounts(store.access, box, configuredAccount(config), log);
  const directory = new WorkspaceDirectory(store.access);
  const load = async (): Promise<void> => {
    await Promise.all([accounts.load(), directory.load()]);
  };
  const watch = new AccessWatch({ store: store.access, authenticator, guards, reload: load, log });
  const { livePerKey: perKey, livePerLink: perLink, livePerAddress: perAddress } = config;
  const limits = new RateLimits(monotonic);
  const parts = {
    ...{ authenticator, guards, accounts, box, limits },
    liveConnections: new LiveConnections({ perKey, perLink, perAddress }, limits),
    heavyReads: new HeavyReads(),
    numbersSeen: new NumbersSeen({ store: store.access, now, log }),
    accessChanged: () => watch.look(),
  };
  return { parts, directory, watch, load };
}

interface UpkeepParts {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly log: FastifyBaseLogger;
  readonly publish: Services['publish'];
  readonly now: () => number;
}

/** Work on what is stored that one node does. */
function upkeepParts(
  { store, nodes, log, publish, now }: UpkeepParts,
  { retainEveryMs = RETAIN_EVERY_MS }: Internals,
): Pick<Services, 'rescorer' | 'retainer' | 'eraser'> {
  const effects = { owner: nodes.upkeep, now, publish, log };
  return {
    rescorer: new ChunkRunner(
      { what: 'scoring past calls', step: (...at) => store.rescoreStep(...at), everyMs: RESCORE_EVERY_MS },
      effects,
    ),
    retainer: new ChunkRunner(
      { what: 'deleting old records', step: (...at) => store.retainStep(...at), everyMs: retainEveryMs },
      effects,
    ),
    eraser: new ChunkRunner(
      { what: 'erasing a number', step: (...at) => store.eraseStep(...at), everyMs: ERASE_EVERY_MS },
      effects,
    ),
  };
}

/** Looks after calls whose end never came. */
function sweeperOf(services: Services, { upkeep }: Nodes, effects: Effects, { sweep }: Internals): Sweeper {
  const { config, store, intake, log, accounts } = services;
  const details = new AccountDetails(accounts, config.plivoApiUrl, effects);
  const detailsOf = (workspace: string) => details.of(workspace);
  return new Sweeper({ owner: upkeep, store, intake, detailsOf, status: services.sweep, log, effects }, sweep);
}

function intakeLimits({ databaseUrl }: Config): IntakeLimits {
  return databaseUrl === '' ? INTAKE_LIMITS : { ...INTAKE_LIMITS, inFlight: BATCHES_IN_FLIGHT };
}

/** The account that the settings name. */
function configuredAccount({ plivoAuthId: authId, plivoAuthTokens: tokens }: Config): Account | null {
  return tokens.length === 0 ? null : { id: 'configured', workspace: DEFAULT_WORKSPACE, authId, tokens, limits: null };
}
