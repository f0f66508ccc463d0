import { newAttemptId } from '../../access/secrets.ts';
import { accessStoreOver } from '../access/work.ts';
import type { SharedStore } from '../among-nodes.ts';
import { dialStoreOver } from '../dialing/work.ts';
import { pieces } from '../export-pieces.ts';
import { type Store, StoreFault, StoreOpenError } from '../store.ts';
import { openError, openPool, QueryError } from './connection.ts';
import { PostgresEngine } from './engine.ts';
import { migrate } from './migrate.ts';
import { vacuumCalls } from './vacuum.ts';

export interface PostgresSettings {
  /** `postgres://…`, a secret. */
  readonly url: string;
  readonly plivoTimeZone: string;
  readonly unregisteredLimit: number;
  /** 32 bytes, the same on every node. */
  readonly secretKey: Uint8Array;
  /** Campaigns that this node writes to at once. */
  readonly lanes?: number;
  /** How long a writer waits for another writer of the same campaign. */
  readonly lockTimeoutMs?: number;
}

const LANES = 8;
/** Writers that stand beside the lanes: nonces, settings, access. */
const BESIDE_LANES = 2;
const READERS = 6;
const LOCK_TIMEOUT_MS = 1_000;
const WRITE_TIMEOUT_MS = 5_000;
const READ_TIMEOUT_MS = 20_000;
const VACUUM_TIMEOUT_MS = 3_600_000;
/** A migration may write every row of a large store again. */
const MIGRATE_TIMEOUT_MS = 10 * 60_000;
const TIDY_EVERY_MS = 60_000;
/** A frozen database answers nothing; whoever asks how it is must not wait for long. */
const PING_MS = 2_000;
const ANSWER_XML_MS = 1_000;

/**
 * Opens the store in PostgreSQL, bringing its schema up to date.
 * @throws StoreOpenError with one line for the operator
 */
export async function openPostgresStore(settings: PostgresSettings): Promise<Store> {
  return storeOver(await openPostgresEngine(settings));
}

export async function openPostgresEngine(settings: PostgresSettings): Promise<PostgresEngine> {
  const { url, lanes = LANES, lockTimeoutMs = LOCK_TIMEOUT_MS, plivoTimeZone, unregisteredLimit, secretKey } = settings;
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new StoreOpenError('DATABASE_URL must look like postgres://user:password@host:5432/database');
  }
  const pool = (max: number, statementTimeoutMs: number) => openPool({ url, max, lockTimeoutMs, statementTimeoutMs });
  const migrating = pool(1, MIGRATE_TIMEOUT_MS);
  try {
    const facts = await migrate(migrating, secretKey);
    const writes = pool(lanes + BESIDE_LANES, WRITE_TIMEOUT_MS);
    const reads = pool(READERS, READ_TIMEOUT_MS);
    const vacuum = (signal: AbortSignal) => vacuumCalls(() => pool(1, VACUUM_TIMEOUT_MS), signal);
    return new PostgresEngine({ writes, reads, facts, plivoTimeZone, unregisteredLimit, lanes, secretKey, vacuum });
  } catch (error) {
    throw openError(url, error);
  } finally {
    // A server that froze meanwhile does not even take leave.
    migrating.end().catch(() => {});
  }
}

/** The store as everybody else sees it: what PostgreSQL cannot do is a fault of storage. */
export function storeOver(engine: PostgresEngine): Store {
  const { lists } = engine;
  const tidying = setInterval(() => engine.tidy(Date.now()), TIDY_EVERY_MS).unref();

  return {
    apply: (receipts) => guarded(engine.apply(receipts)),
    register: (...args) => guarded(engine.register(...args)),
    patch: (...args) => guarded(engine.patch(...args)),
    control: (...args) => guarded(engine.control(...args)),
    declared: (...args) => guarded(engine.declared(...args)),
    campaign: (...args) => guarded(engine.campaign(...args)),
    campaigns: (...args) => guarded(engine.campaigns(...args)),
    report: (...args) => guarded(engine.report(...args)),
    summaries: (...args) => guarded(engine.summaries(...args)),
    timeline: (...args) => guarded(engine.timeline(...args)),
    staleCalls: (...args) => guarded(engine.staleCalls(...args)),
    settings: (workspace) => guarded(engine.settings(workspace)),
    putSettings: (...args) => guarded(engine.putSettings(...args)),
    rescoreStep: (...args) => guarded(engine.rescoreStep(...args)),
    retainStep: (...args) => guarded(engine.retainStep(...args)),
    erase: (...args) => guarded(engine.erase(...args)),
    eraseStep: (...args) => guarded(engine.eraseStep(...args)),
    foreignErasures: () => guarded(engine.foreignErasures()),
    // A call waits for this: what was known last is better than nothing.
    answerXml: async (workspace, id) => {
      const known = engine.knownAnswerXml(workspace, id);
      const current = guarded(within(ANSWER_XML_MS, engine.answerXml(workspace, id)));
      return known === undefined ? current : current.catch(() => known);
    },
    shared: guardedShared(engine.shared),
    knownAnswerXml: (workspace, id) => engine.knownAnswerXml(workspace, id),
    access: accessStoreOver((name, args) => guarded(engine.access(name, args))),
    dial: dialStoreOver((work) => guarded(engine.dial(work)), newAttemptId),
    ping: () => guarded(within(PING_MS, engine.ping())),
    calls: (...args) => guarded(lists.calls(...args)),
    call: (...args) => guarded(lists.call(...args)),
    async contacts(workspace, id, query, now) {
      const rules = await guarded(engine.retryRules(workspace, id, now));
      return rules ? guarded(lists.contacts(workspace, id, query, rules)) : { outcome: 'no-campaign' };
    },
    async exportCalls(workspace, id, query) {
      const first = await guarded(lists.callsPiece(workspace, id, query, null));
      return first && pieces(first, (at) => guarded(lists.callsPiece(workspace, id, query, at)));
    },
    async exportContacts(workspace, id, query, now) {
      const rules = await guarded(engine.retryRules(workspace, id, now));
      if (!rules) return null;
      const first = await guarded(lists.contactsPiece(workspace, id, query, rules, null));
      return pieces(first, (at) => guarded(lists.contactsPiece(workspace, id, query, rules, at)));
    },
    previewLeadRules: (...args) => guarded(lists.previewLeadRules(...args)),
    reportAsOf: (...args) => guarded(lists.reportAsOf(...args)),
    async close() {
      clearInterval(tidying);
      await engine.close();
    },
  };
}

function guardedShared({ id, leases, versions, newestVersions }: SharedStore): SharedStore {
  return {
    id,
    versions: (campaigns) => guarded(versions(campaigns)),
    newestVersions: (workspaces, most) => guarded(newestVersions(workspaces, most)),
    leases: {
      take: (...args) => guarded(leases.take(...args)),
      mark: (name) => guarded(leases.mark(name)),
      release: (...args) => guarded(leases.release(...args)),
    },
  };
}

async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof QueryError ? new StoreFault(error.message, { cause: error }) : error;
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreFault(`PostgreSQL has not answered in ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
