import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { realEffects } from '../effects.ts';
import { LateStore } from './late-store.ts';
import { type Store, StoreIsAway, StoreNotThere, StoreOpenError } from './store.ts';

let late: LateStore | null = null;
afterEach(async () => {
  await late?.store.close();
  late = null;
});

const never = new Promise<never>(() => {});

/** Storage that fails when the test says so. */
function storage() {
  const state = { answers: true, opens: true, probed: 0 };
  const inner = {
    ping: async () => ({ epoch: 'e', unassigned: 0 }),
    campaign: () => never,
    answerXml: () => never,
    knownAnswerXml: () => '<Response/>',
    access: { accessVersion: async () => 7 },
    dial: { dialedCampaigns: async () => [] },
    close: async () => {},
  } as unknown as Store;
  const parts = {
    open: async () => {
      if (!state.opens) throw new StoreNotThere('nothing listens there');
      return inner;
    },
    probe: async () => {
      state.probed += 1;
      if (!state.answers) throw new Error('refused');
    },
    endProbe: async () => {},
    effects: realEffects,
    log: pino({ level: 'silent' }),
  };
  return { state, parts };
}

it('refuses at once while storage is away, also who had asked before, until a probe succeeds', async () => {
  const { state, parts } = storage();
  late = await LateStore.open(parts);
  const { store } = late;
  expect(await store.ping()).toEqual({ epoch: 'e', unassigned: 0 });
  expect(await store.access.accessVersion()).toBe(7);
  expect(await store.dial.dialedCampaigns()).toEqual([]);
  const waiting = Array.from({ length: 1_000 }, () => store.campaign('w', 'c', 0));
  const caller = store.answerXml('w', 'c').catch(() => null);
  state.answers = false;
  for (const { reason } of (await Promise.allSettled(waiting)) as PromiseRejectedResult[])
    expect(reason).toBeInstanceOf(StoreIsAway);
  await caller;
  expect(late.isThere).toBe(false);
  await expect(store.access.accessVersion()).rejects.toThrow(StoreIsAway);
  await expect(store.dial.dialedCampaigns()).rejects.toThrow(StoreIsAway);
  await expect(store.apply([])).rejects.toThrow(StoreIsAway);
  expect(await store.answerXml('w', 'c')).toBe('<Response/>');
  state.answers = true;
  await expect.poll(() => late?.isThere).toBe(true);
  expect(await store.access.accessVersion()).toBe(7);
});

it('goes on trying to open what may be there later', async () => {
  const { state, parts } = storage();
  state.opens = false;
  late = await LateStore.open(parts);
  expect(late.isThere).toBe(false);
  await expect(late.store.ping()).rejects.toThrow(StoreIsAway);
  state.opens = true;
  await late.opened;
  expect(await late.store.ping()).toMatchObject({ epoch: 'e' });
});

it('does not wait for what no waiting cures', async () => {
  const { state, parts } = storage();
  const wrong = async (): Promise<never> => {
    throw new StoreOpenError('it refuses this user or password');
  };
  await expect(LateStore.open({ ...parts, open: wrong })).rejects.toThrow(/refuses this user/);
  state.opens = false;
  const then = { open: parts.open };
  late = await LateStore.open({ ...parts, open: () => then.open() });
  then.open = wrong;
  await expect(late.opened).rejects.toThrow(/refuses this user/);
});
