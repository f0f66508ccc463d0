import { expect, it } from 'vitest';
import type { Touched } from '../ingest/receipt.ts';
import { type Bus, localBus, type Topic, topicOfCampaign, topicOfWorkspace } from './bus.ts';
import { Watch } from './watch.ts';

const turn = () => new Promise<void>((next) => setImmediate(next));

/** A watch over a store of numbers, whose clock the test moves. */
function watching(stored: Touched[]) {
  let now = 1_000_000;
  let isAway = false;
  const changed: Touched[] = [];
  const followed = new Set<Topic>();
  const due: { at: number; wake: () => void }[] = [];
  const bus: Bus = {
    ...localBus,
    follow: (topic) => void followed.add(topic),
    unfollow: (topic) => void followed.delete(topic),
  };
  const answer = async (isAsked: (one: Touched) => boolean): Promise<Touched[]> => {
    if (isAway) throw new Error('away');
    return stored.filter(isAsked).map((one) => ({ ...one }));
  };
  const shared = {
    versions: (refs: readonly Pick<Touched, 'workspace' | 'campaignId'>[]) =>
      answer((one) => refs.some((ref) => ref.campaignId === one.campaignId && ref.workspace === one.workspace)),
    newestVersions: (workspaces: readonly string[]) => answer(({ workspace }) => workspaces.includes(workspace)),
  };
  const sleep = (ms: number, signal: AbortSignal) =>
    new Promise<void>((wake) => {
      due.push({ at: now + ms, wake });
      signal.addEventListener('abort', () => wake());
    });
  const warnings: string[] = [];
  const log = { warn: (_facts: object, text: string) => warnings.push(text) } as never;
  const watch = new Watch({ shared, bus, effects: { monotonic: () => now, sleep }, log, mostOfWorkspace: 500 });
  watch.start((touched) => changed.push(...touched));
  return {
    watch,
    followed,
    warnings,
    away: (is: boolean) => {
      isAway = is;
    },
    /** What was told since it was last asked. */
    told: () => changed.splice(0),
    async pass(ms: number) {
      await turn();
      now += ms;
      for (const one of due.filter(({ at }) => at <= now)) {
        due.splice(due.indexOf(one), 1);
        one.wake();
      }
      await turn();
    },
    now: () => now,
  };
}

const campaign = (version: number, campaignId = 'c'): Touched => ({ workspace: 'w', campaignId, version });

it('tells within two seconds what no message told, once', async () => {
  const stored = [campaign(1)];
  const { watch, told, pass, now } = watching(stored);
  watch.viewed('w', 'c');
  watch.loaded(campaign(1), now());
  await pass(2_000);
  expect(told()).toEqual([]);
  stored[0] = campaign(2);
  await pass(2_000);
  expect(told()).toEqual([campaign(2)]);
  await pass(2_000);
  expect(told()).toEqual([]);
  await watch.stop();
});

it('tells of every campaign of a workspace whose overview somebody views, new ones too', async () => {
  const stored = [campaign(1)];
  const { watch, told, pass } = watching(stored);
  watch.viewed('w', null);
  await watch.freshen('w');
  expect(told()).toEqual([campaign(1)]);
  stored.push(campaign(1, 'd'));
  stored.push({ workspace: 'other', campaignId: 'e', version: 1 });
  await pass(2_000);
  expect(told()).toEqual([campaign(1, 'd')]);
  await watch.stop();
});

it('holds what was read for current only as long as it looks', async () => {
  const { watch, pass, now, away, warnings } = watching([campaign(1)]);
  expect(watch.isCurrent('w', 'c')).toBe(false);
  watch.loaded(campaign(1), now());
  expect(watch.isCurrent('w', 'c')).toBe(true);
  await pass(2_000);
  await pass(2_000);
  expect(watch.isCurrent('w', 'c')).toBe(true);
  away(true);
  await pass(2_000);
  await pass(2_000);
  expect(watch.isCurrent('w', 'c')).toBe(false);
  expect(warnings).toEqual(['what other nodes commit cannot be seen now']);
  away(false);
  await pass(2_000);
  expect(watch.isCurrent('w', 'c')).toBe(true);
  await watch.stop();
});

it('follows what is viewed or was just polled, and nothing else', async () => {
  const { watch, pass, followed } = watching([]);
  watch.viewed('w', 'c');
  watch.isCurrent('w', 'd');
  await watch.freshen('w');
  const [c, d] = ['c', 'd'].map((campaignId) => topicOfCampaign({ workspace: 'w', campaignId }));
  expect(followed).toEqual(new Set([c, d, topicOfWorkspace('w')]));
  for (let seconds = 0; seconds <= 12; seconds += 2) await pass(2_000);
  expect(followed).toEqual(new Set([c]));
  watch.left('w', 'c');
  await pass(2_000);
  expect([followed.size, watch.size]).toEqual([0, 0]);
  await watch.stop();
});
