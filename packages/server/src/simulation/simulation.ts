import { iso } from '@ringside/core';
import { defaultSettings } from '@ringside/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { hashOf, newId, newKey, prefixOf } from '../access/secrets.ts';
import type { Intake } from '../ingest/intake.ts';
import { isAlive } from '../store/access/keys.ts';
import type { AuditNote, StoredKey } from '../store/access/records.ts';
import { SIMULATION_WORKSPACE, USUAL_LIMITS } from '../store/limits.ts';
import type { Store } from '../store/store.ts';
import { closeCampaign } from './close-campaign.ts';
import { SimulationThread } from './simulation-thread.ts';

/** An admin who starts, opens or stops a simulation. */
export interface Requester {
  readonly workspace: string;
  readonly actor: string;
  readonly address: string;
  readonly timeZone: string;
}

/** A running simulation. Times are epoch milliseconds. */
export interface RunningSimulation {
  readonly campaignId: string;
  readonly startedAt: number;
  /** Moment at which it is stopped if it has not completed. */
  readonly endsAt: number;
}

export interface SimulationDeps {
  readonly store: Pick<Store, 'access' | 'calls' | 'putSettings' | 'summaries'>;
  readonly intake: Pick<Intake, 'submit'>;
  /** True where no other node writes to the store, so that a run that is not this node's is over. */
  readonly isAlone: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Pick<FastifyBaseLogger, 'error' | 'warn'>;
  /** Makes a change of access count on this node at once. */
  readonly accessChanged: () => Promise<void>;
}

/** The simulation could not be started. The log says why. */
export class SimulationFailed extends Error {}

interface OwnRun {
  readonly keyId: string;
  readonly thread: SimulationThread;
  /** Fulfils when its key is revoked and its campaign is closed. */
  readonly finished: Promise<void>;
}

/** Campaign ids, and names of the keys that runs use, begin with it. */
const ID_PREFIX = 'simulated-';
const CAMPAIGN_NAME = 'Simulated: Diwali offer';
const LASTS_MS = 8 * 60_000;
/** How long the thread may take until the server knows its campaign. */
const START_WITHIN_MS = 15_000;
/** How much longer than its run a key lives, so that the run can still close its campaign. */
const KEY_SPARE_MS = 60_000;
const CALLS_KEPT_DAYS = 1;
const NEWEST_CAMPAIGNS = 20;

/**
 * Runs simulated campaigns, one at a time on all nodes of a store. Each is played by a thread with a key of the workspace
 * {@link SIMULATION_WORKSPACE}. The live key is the record that a simulation runs: revoking it ends the run on any node.
 */
export class Simulation {
  readonly #deps: SimulationDeps;
  #url = '';
  #own: OwnRun | null = null;
  #isStopping = false;
  /** Requests that change something, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: SimulationDeps) {
    this.#deps = deps;
  }

  /** @param url at which this server is reached from its own machine */
  listensAt(url: string): void {
    this.#url = url;
  }

  async running(): Promise<RunningSimulation | null> {
    const key = await this.#liveKey();
    return key && runOf(key);
  }

  /**
   * Starts a simulation, or returns the one that runs.
   * @throws SimulationFailed when it does not start
   */
  open(by: Requester): Promise<RunningSimulation & { readonly isNew: boolean }> {
    return this.#inTurn(() => this.#open(by));
  }

  /** Stops the running simulation; nothing happens where there is none. */
  stop(by: Requester): Promise<void> {
    return this.#inTurn(() => this.#stop(by));
  }

  /** True when a request of this workspace started the run. */
  async isStartedBy(workspace: string, { campaignId }: RunningSimulation): Promise<boolean> {
    const choice = { limit: 1, before: null, action: 'simulation.started', target: campaignId };
    return (await this.#deps.store.access.auditEntries(workspace, choice)).length > 0;
  }

  /** Ends the run of this node and starts none any more. */
  async shutDown(): Promise<void> {
    this.#isStopping = true;
    await this.#own?.thread.stop();
    await this.#own?.finished;
  }

  async #open(by: Requester): Promise<RunningSimulation & { readonly isNew: boolean }> {
    const { store, now, accessChanged } = this.#deps;
    await this.#openWorkspace(by);
    if ((await this.#liveKey()) === null) await this.#clear();
    const at = now();
    const secret = newKey();
    const key: StoredKey = {
      ...{ id: newId('key'), hash: hashOf(secret), prefix: prefixOf(secret), workspace: SIMULATION_WORKSPACE },
      ...{ name: ID_PREFIX + at.toString(36), role: 'operator', scopes: ['ingest', 'operate'] },
      ...{ createdAt: at, createdBy: by.actor, expiresAt: at + LASTS_MS + KEY_SPARE_MS },
      ...{ lastUsedAt: null, revokedAt: null },
    };
    const live = await store.access.addSoleKey(key, ID_PREFIX, this.#note(by, 'key.created', key.id));
    if (live.id !== key.id) return { ...runOf(live), isNew: false };
    const run = runOf(key);
    const started = { ...this.#note(by, 'simulation.started', run.campaignId), workspace: by.workspace };
    try {
      await accessChanged();
      await store.access.note({ ...started, after: told(run) });
      await this.#start(key, secret);
    } catch (error) {
      // A live key without a run would keep everybody from starting one.
      await this.#clear(run.campaignId).catch(() => {});
      throw error;
    }
    return { ...run, isNew: true };
  }

  async #start(key: StoredKey, secret: string): Promise<void> {
    if (this.#isStopping) throw new SimulationFailed('the server stops');
    const { campaignId } = runOf(key);
    const thread = new SimulationThread({ url: this.#url, key: secret, campaignId, name: CAMPAIGN_NAME });
    const timer = setTimeout(() => void thread.stop(), LASTS_MS).unref();
    const finished = thread.ended.then(async (error) => {
      clearTimeout(timer);
      if (error) this.#deps.log.error({ err: error, campaignId }, 'the simulated campaign failed');
      await this.#clear(campaignId).catch((err: unknown) =>
        this.#deps.log.warn({ err, campaignId }, 'a simulated campaign could not be closed'),
      );
      this.#own = null;
    });
    this.#own = { keyId: key.id, thread, finished };
    const late = setTimeout(() => void thread.stop(), START_WITHIN_MS);
    try {
      await thread.registered;
    } catch (cause) {
      await finished;
      throw new SimulationFailed('the simulated campaign did not start', { cause });
    } finally {
      clearTimeout(late);
    }
  }

  async #stop(by: Requester): Promise<void> {
    const { access } = this.#deps.store;
    const run = await this.running();
    if (!run) return;
    if (this.#own) {
      await this.#own.thread.stop();
      await this.#own.finished;
    } else await this.#clear(run.campaignId);
    await access.note({ ...this.#note(by, 'simulation.stopped', run.campaignId), workspace: by.workspace });
  }

  /** The workspace, made at the first simulation and opened again where an operator closed it. */
  async #openWorkspace(by: Requester): Promise<void> {
    const { store, now } = this.#deps;
    const known = await store.access.workspace(SIMULATION_WORKSPACE);
    if (known) {
      if (known.closedAt === null) return;
      const note = this.#note(by, 'workspace.changed', SIMULATION_WORKSPACE);
      await store.access.changeWorkspace(SIMULATION_WORKSPACE, { closedAt: null }, note);
      return;
    }
    const { timeZone } = by;
    const id = SIMULATION_WORKSPACE;
    const added = { id, name: 'Simulation', timeZone, limits: USUAL_LIMITS, createdAt: now(), closedAt: null };
    if (!(await store.access.addWorkspace(added, this.#note(by, 'workspace.created', id)))) return;
    const settings = { ...defaultSettings, retention: { callDays: CALLS_KEPT_DAYS } };
    await store.putSettings(id, settings, this.#note(by, 'settings.changed', null));
  }

  /** Revokes the key of a run and closes its campaign; without an id, of all runs that nothing plays any more. */
  async #clear(campaignId?: string): Promise<void> {
    const { store, intake, now, accessChanged } = this.#deps;
    const at = now();
    const isMeant = (id: string): boolean => (campaignId === undefined ? id.startsWith(ID_PREFIX) : id === campaignId);
    const keys = await store.access.keys(SIMULATION_WORKSPACE);
    for (const { id, name } of keys.filter((key) => isRunKey(key, at))) {
      if (!isMeant(name)) continue;
      const note = this.#note({ actor: 'ringside', address: null }, 'key.revoked', id);
      await store.access.changeKey(SIMULATION_WORKSPACE, id, { revokedAt: at }, note);
    }
    await accessChanged();
    const campaigns = await store.summaries(SIMULATION_WORKSPACE, { newest: NEWEST_CAMPAIGNS }, at);
    const meant = campaigns.filter(({ id }) => isMeant(id));
    await Promise.all(meant.map((campaign) => closeCampaign({ store, intake, at }, campaign)));
  }

  async #liveKey(): Promise<StoredKey | null> {
    const { store, now, isAlone } = this.#deps;
    const keys = await store.access.keys(SIMULATION_WORKSPACE);
    const key = keys.find((one) => isRunKey(one, now()));
    // A run that died with its process left its key.
    if (!key || (isAlone && key.id !== this.#own?.keyId)) return null;
    return key;
  }

  #note({ actor, address }: Pick<AuditNote, 'actor' | 'address'>, action: string, target: string | null): AuditNote {
    return { at: this.#deps.now(), workspace: SIMULATION_WORKSPACE, actor, address, action, target };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

function isRunKey(key: StoredKey, now: number): boolean {
  return key.name.startsWith(ID_PREFIX) && isAlive(key, now);
}

function runOf({ name, createdAt }: StoredKey): RunningSimulation {
  return { campaignId: name, startedAt: createdAt, endsAt: createdAt + LASTS_MS };
}

function told({ startedAt, endsAt }: RunningSimulation): unknown {
  return { workspace: SIMULATION_WORKSPACE, startedAt: iso(startedAt), endsAt: iso(endsAt) };
}
