import { iso } from '@ringside/core';
import type { FastifyBaseLogger } from 'fastify';
import type { Intake } from '../ingest/intake.ts';
import type { AuditNote, StoredKey } from '../store/access/records.ts';
import { SIMULATION_WORKSPACE } from '../store/limits.ts';
import type { Store } from '../store/store.ts';
import { closeCampaign } from './close-campaign.ts';
import { ID_PREFIX, isRunKey, LASTS_MS, newRunKey, type RunningSimulation, runOf } from './run-key.ts';
import { SimulationThread } from './simulation-thread.ts';
import { openSimulationWorkspace } from './simulation-workspace.ts';

/** An admin who starts, opens or stops a simulation. */
export interface Requester {
  readonly workspace: string;
  readonly actor: string;
  readonly address: string;
  readonly timeZone: string;
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

const CAMPAIGN_NAME = 'Simulated: Diwali offer';
/** How long the thread may take until the server knows its campaign. */
const START_WITHIN_MS = 15_000;
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
    const note = (action: string, target: string | null): AuditNote => this.#note(by, action, target);
    await openSimulationWorkspace(store, { timeZone: by.timeZone, at: now(), note });
    if ((await this.#liveKey()) === null) await this.#clear();
    const { key, secret } = newRunKey(now(), by.actor);
    const live = await store.access.addSoleKey(key, ID_PREFIX, note('key.created', key.id));
    if (live.id !== key.id) return { ...runOf(live), isNew: false };
    const run = runOf(key);
    const started = { ...note('simulation.started', run.campaignId), workspace: by.workspace };
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
      if (this.#own?.keyId === key.id) this.#own = null;
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

function told({ startedAt, endsAt }: RunningSimulation): unknown {
  return { workspace: SIMULATION_WORKSPACE, startedAt: iso(startedAt), endsAt: iso(endsAt) };
}
