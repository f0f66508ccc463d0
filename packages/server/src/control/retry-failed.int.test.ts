import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretBox } from '../access/secret-box.ts';
import { campaignDelivery } from '../ingest/api-event.ts';
import {
  accepted,
  CAMPAIGN,
  ended,
  initiated,
  listOf,
  NOW,
  row,
  taken,
  wish,
} from '../store/contract/dialing-steps.ts';
import { openSqliteStore } from '../store/sqlite/client.ts';
import type { Store } from '../store/store.ts';
import { auditBy, TEST_SECRET_KEY, WORKSPACE } from '../testing/engine.ts';
import { temporaryFolder } from '../testing/running-server.ts';
import { soleOwner } from '../upkeep/lease.ts';
import type { Control } from './control.ts';
import { makeControl } from './control-parts.ts';

const LATER = NOW + 600_000;
const folders: (() => void)[] = [];
let store: Store;
let control: Control;
let now: number;

beforeEach(async () => {
  const folder = temporaryFolder();
  folders.push(folder.remove);
  const limits = { plivoTimeZone: 'UTC', unregisteredLimit: 9, secretKey: TEST_SECRET_KEY };
  store = await openSqliteStore({ dataDir: folder.path, ...limits });
  const parts = { publish: () => {}, log: pino({ level: 'silent' }), owner: soleOwner };
  const effects = { now: () => now, monotonic: () => performance.now() };
  ({ control } = makeControl({ store, box: new SecretBox(TEST_SECRET_KEY), effects, ...parts }));
  now = LATER;
  const campaign = { id: 'c', name: 'c', dialer: 'built-in', startedAt: new Date(NOW).toISOString() } as const;
  await store.register(WORKSPACE, campaign, 'key', NOW, auditBy('key', NOW));
});
afterEach(async () => {
  await store.close();
  for (const remove of folders.splice(0)) remove();
});

/** Calls every contact once: the first is reached, the second busy, all others do not answer. */
async function dialAll(contacts: number): Promise<void> {
  await listOf(store, contacts);
  const attempts = await accepted(store, { most: contacts });
  const outcomeOf = (n: number) => (n === 0 ? 'completed' : n === 1 ? 'busy' : 'no-answer');
  await store.apply(attempts.map((attempt, n) => ended(attempt, outcomeOf(n))));
  const settled = attempts.map(({ attemptId }, n) => ({ attemptId, outcome: outcomeOf(n), dueAt: null }) as const);
  await store.dial.settle(CAMPAIGN, settled, null, NOW + 60_000);
}

async function complete(): Promise<void> {
  const said = {
    type: 'campaign',
    campaignId: 'c',
    at: new Date(NOW + 90_000).toISOString(),
    change: 'completed',
  } as const;
  const receivedAt = NOW + 90_000;
  await store.apply([{ kind: 'delivery', ...CAMPAIGN, receivedAt, delivery: campaignDelivery(said, receivedAt) }]);
  await store.dial.setListOpen(CAMPAIGN, false);
}

const wanted = { command: 'retry-failed', actor: 'Asha', reason: 'once more', until: null, hangUp: false } as const;
const retry = (key: string, outcomes: readonly 'busy'[] | null = null) =>
  control.retryFailed(CAMPAIGN, { ...wanted, outcomes, key }, auditBy('Asha', now));
const timeline = async () =>
  (await store.timeline(WORKSPACE, 'c', { limit: 1_000, before: null }, now + 1_000))?.items.map(
    ({ kind, actor, reason }) => [kind, actor, reason],
  );

/** Everybody who is due is called, and not reached. */
async function failAgain(): Promise<void> {
  const again = await accepted(store, { most: 9 }, now);
  const outcome = 'no-answer';
  await store.apply(again.map((attempt) => ended(attempt, outcome, now + 1_000)));
  const settled = again.map(({ attemptId }) => ({ attemptId, outcome, dueAt: null }) as const);
  await store.dial.settle(CAMPAIGN, settled, null, now + 1_000);
  now += 60_000;
}

describe('calling the failed ones again', () => {
  it('puts who was tried and not reached back on the list, and a completed campaign goes on', async () => {
    await dialAll(5);
    await complete();
    expect((await store.campaign(WORKSPACE, 'c', now))?.phase).toBe('completed');
    expect(await retry('k1')).toMatchObject({ contacts: 4, done: { outcome: 'changed' } });
    expect((await timeline())?.at(-1)).toEqual(['resumed', 'Asha', 'once more']);
    expect(await store.dial.dialedCampaigns()).toMatchObject([CAMPAIGN]);
    expect(await taken(store, { most: 9 }, now)).toHaveLength(4);
  });

  it('announces the retries, so that the ledger counts them before they are taken', async () => {
    await dialAll(5);
    expect((await store.report(WORKSPACE, 'c', 0, now))?.report.progress.ledger).toMatchObject({ unreached: 4 });
    await retry('k1');
    expect((await store.report(WORKSPACE, 'c', 0, now))?.report.progress.ledger.unreached).toBe(0);
    expect((await timeline())?.at(-1)).toEqual(['changed', 'Asha', 'failed contacts are called again: once more']);
  });

  it('calls again those whose calls ended by a clock that was set back since', async () => {
    now = NOW - 7_200_000;
    await dialAll(5);
    expect(await retry('k1')).toMatchObject({ contacts: 4, done: { outcome: 'changed' } });
    expect(await taken(store, { most: 9 }, now)).toHaveLength(4);
    expect(await retry('k1')).toMatchObject({ contacts: 4, done: { outcome: 'already' } });
  });

  it('takes only those whose last call ended as was asked', async () => {
    await dialAll(5);
    expect(await control.preview(CAMPAIGN, { ...wanted, outcomes: ['busy'] })).toMatchObject({ contacts: 1 });
    expect(await retry('k1', ['busy'])).toMatchObject({ contacts: 1 });
    expect(await taken(store, {}, now)).toHaveLength(1);
  });

  it('is done once for each key, however often and at once it is asked for', async () => {
    await dialAll(5);
    const answers = await Promise.all(Array.from({ length: 20 }, () => retry('k1')));
    expect(new Set(answers.map((answer) => answer?.contacts))).toEqual(new Set([4]));
    await failAgain();
    expect(await retry('k1')).toMatchObject({ contacts: 4, done: { outcome: 'already' } });
    expect((await store.dial.take(wish(), null, now)).attempts).toEqual([]);
    expect(await retry('k2')).toMatchObject({ contacts: 4, done: { outcome: 'changed' } });
    expect((await timeline())?.filter(([, actor]) => actor === 'Asha')).toHaveLength(2);
  });

  it('takes a key for itself, whatever words it holds', async () => {
    await dialAll(5);
    expect(await retry('k1')).toMatchObject({ contacts: 4, done: { outcome: 'changed' } });
    await failAgain();
    expect(await retry('k1 done')).toMatchObject({ contacts: 4, done: { outcome: 'changed' } });
    await failAgain();
    expect(await retry('k1 done done')).toMatchObject({ contacts: 4, done: { outcome: 'changed' } });
    expect(await retry('k1')).toMatchObject({ contacts: 4, done: { outcome: 'already' } });
  });

  it('calls nobody else for a key that was sent for others before', async () => {
    await dialAll(5);
    expect(await retry('k1', ['busy'])).toMatchObject({ contacts: 1 });
    expect(await retry('k1')).toMatchObject({ done: { outcome: 'refused', code: 'validation-failed' } });
    expect(await taken(store, { most: 9 }, now)).toHaveLength(1);
  });

  it('is taken up by the same key where a process died in the middle', async () => {
    await dialAll(5);
    await complete();
    // What it had done by then: the key was noted, and a first contact is due again.
    await store.dial.onceByKey(WORKSPACE, 'retry-failed c k1', String(now), now);
    const [first] = await store.dial.failedContacts(CAMPAIGN, null, '', 1);
    await store.dial.dialAgain(CAMPAIGN, [first?.contactKey ?? '']);
    now += 5_000;
    expect(await retry('k1')).toMatchObject({ contacts: 3, done: { outcome: 'changed' } });
    expect((await store.campaign(WORKSPACE, 'c', now))?.phase).not.toBe('completed');
    expect(await taken(store, { most: 9 }, now)).toHaveLength(4);
  });

  it('calls nobody of a campaign that was cancelled, though its last calls are live', async () => {
    await dialAll(3);
    await control.command(CAMPAIGN, { ...wanted, command: 'resume', outcomes: null }, auditBy('Asha', now));
    await store.dial.addToList(CAMPAIGN, [row(7)], now);
    await store.apply((await accepted(store, {}, now)).map((attempt) => initiated(attempt, now)));
    await control.command(CAMPAIGN, { ...wanted, command: 'cancel', outcomes: null }, auditBy('Asha', now));
    expect((await store.campaign(WORKSPACE, 'c', now + 1))?.phase).toBe('finishing');
    now += 10;
    expect(await retry('k1')).toMatchObject({ done: { outcome: 'refused', code: 'phase-conflict' } });
    expect(await taken(store, { most: 9 }, now)).toEqual([]);
  });

  it('changes nothing where nobody failed, and is refused where it makes no sense', async () => {
    await dialAll(1);
    await complete();
    expect(await retry('k1')).toMatchObject({ contacts: 0, done: { outcome: 'already' } });
    expect((await store.campaign(WORKSPACE, 'c', now))?.phase).toBe('completed');
    const cancelled = {
      type: 'campaign',
      campaignId: 'c',
      at: new Date(now).toISOString(),
      change: 'cancelled',
    } as const;
    await store.apply([{ kind: 'delivery', ...CAMPAIGN, receivedAt: now, delivery: campaignDelivery(cancelled, now) }]);
    expect(await retry('k2')).toMatchObject({ done: { outcome: 'refused', code: 'phase-conflict' } });
  });
});
