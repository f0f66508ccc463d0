import { newAttemptId } from '../../access/secrets.ts';
import { accessStoreOver } from '../access/work.ts';
import { dialStoreOver } from '../dialing/work.ts';
import type { Store } from '../store.ts';
import type { Engine, EngineSettings } from './engine.ts';
import { packBatch } from './packed-batch.ts';
import { readsOf } from './reads-client.ts';
import { openThread } from './thread.ts';

/** A batch lives for some milliseconds: with room for several, most of it is gone before memory is looked through. */
const LIMITS = { maxYoungGenerationSizeMb: 64 };

/** Opens the embedded store in a thread of its own, so that HTTP and storage have a core each. */
export async function openSqliteStore(settings: EngineSettings): Promise<Store> {
  const { call, end } = await openThread<Engine>('worker', { workerData: settings, limits: LIMITS });
  const { close: closeReads, ...reads } = readsOf(settings.dataDir, {
    retryRules: (workspace, id, now) => call('retryRules', workspace, id, now),
  });

  return {
    apply: (receipts) => call('applyPacked', packBatch(receipts)),
    register: (workspace, campaign, actor, now, audit) => call('register', workspace, campaign, actor, now, audit),
    patch: (workspace, id, change, actor, now, audit) => call('patch', workspace, id, change, actor, now, audit),
    control: (workspace, id, step, now, audit) => call('control', workspace, id, step, now, audit),
    declared: (workspace, id, now) => call('declared', workspace, id, now),
    campaign: (workspace, id, now) => call('campaign', workspace, id, now),
    campaigns: (workspace, query, now) => call('campaigns', workspace, query, now),
    report: (workspace, id, recent, now) => call('report', workspace, id, recent, now),
    summaries: (workspace, which, now) => call('summaries', workspace, which, now),
    timeline: (workspace, id, query, now) => call('timeline', workspace, id, query, now),
    staleCalls: (before, after, limit) => call('staleCalls', before, after, limit),
    settings: (workspace) => call('settings', workspace),
    putSettings: (workspace, settings, audit) => call('putSettings', workspace, settings, audit),
    rescoreStep: (now) => call('rescoreStep', now),
    retainStep: (now) => call('retainStep', now),
    erase: (wish, audit) => call('erase', wish, audit),
    eraseStep: (now) => call('eraseStep', now),
    foreignErasures: () => call('foreignErasures'),
    answerXml: (workspace, id) => call('answerXml', workspace, id),
    shared: null,
    access: accessStoreOver((name, args) => call('access', name, args)),
    dial: dialStoreOver((work) => call('dial', work), newAttemptId),
    ping: () => call('ping'),
    ...reads,
    close: async () => {
      await closeReads();
      await end();
    },
  };
}
