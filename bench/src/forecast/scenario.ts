import { Dice } from './random.ts';

export const kinds = ['steady', 'ramp', 'drift', 'pause', 'pace change', 'retries', 'windows'] as const;
export type Kind = (typeof kinds)[number];

/** A campaign whose end will be known. Durations are milliseconds, times are milliseconds after its start. */
export interface Scenario {
  readonly kind: Kind;
  readonly seed: number;
  readonly contacts: number;
  readonly retry: {
    readonly maxAttempts: number;
    readonly delay: number;
    /** How the report gets to know of it. */
    readonly told: 'policy' | 'announced' | 'nothing';
    /** A dialer takes due retries before new contacts, or only when the list is through. */
    readonly first: boolean;
  };
  readonly dialer: {
    /** Greatest number of calls at a time, before any ramp or change. */
    readonly concurrency: number;
    /** Least time between two starts. */
    readonly spacing: number;
    /** Time that a line needs between two calls, on average. */
    readonly latency: number;
    readonly declared: boolean;
  };
  readonly people: {
    /** Mean chance that a call reaches its contact, and how much contacts differ (Beta of this strength). */
    readonly reachable: number;
    readonly alike: number;
    /** Share of the calls not reaching anybody that a machine answers. */
    readonly machines: number;
  };
  readonly times: { readonly ring: number; readonly timeout: number; readonly talk: number; readonly sigma: number };
  /** Calls are reported when they start too, or only when they hang up. */
  readonly startsSeen: boolean;
  /** How long dialing should take roughly, without retries' delays. */
  readonly expected: number;
  readonly changes: {
    /** Share of the lines at the start, and when all are there. */
    readonly ramp: { readonly from: number; readonly until: number } | null;
    readonly pace: { readonly at: number; readonly factor: number } | null;
    /** Change of log talk time and log odds of reaching over the expected duration, and its restless part. */
    readonly drift: { readonly talk: number; readonly odds: number; readonly restless: number } | null;
  };
  readonly breaks: readonly {
    readonly from: number;
    readonly to: number;
    /** Reported as paused and resumed, or a calling window that the campaign declares. */
    readonly told: 'changes' | 'window';
  }[];
}

const MINUTE = 60_000;
/** Most campaigns call those again who did not answer, whatever else happens in them. */
const RETRYING = 0.7;

/** Campaign `index` of the series `seed`: kinds take turns, everything else is drawn. */
export function scenarioOf(seed: number, index: number): Scenario {
  const dice = new Dice(seed * 1_000_003 + index);
  const kind = kinds[index % kinds.length] ?? 'steady';
  const contacts = Math.round(dice.spread(100, 4_000));
  const times = {
    ring: dice.between(6_000, 14_000),
    timeout: dice.between(20_000, 45_000),
    talk: dice.spread(20_000, 180_000),
    sigma: dice.between(0.4, 0.9),
  };
  const people = { reachable: dice.between(0.15, 0.7), alike: dice.spread(2, 12), machines: dice.between(0, 0.4) };
  const retry = retryOf(kind, dice);
  const meanTalk = times.talk * Math.exp(times.sigma ** 2 / 2);
  const slot = people.reachable * (times.ring + meanTalk) + (1 - people.reachable) * times.timeout * 0.8;
  const attempts = contacts * (1 + (1 - people.reachable) * (retry.maxAttempts - 1) * 0.7);
  const concurrency = Math.max(1, Math.round((attempts * slot) / dice.spread(20 * MINUTE, 480 * MINUTE)));
  const isPaced = dice.chance(0.3);
  const perCall = slot / concurrency;
  const expected = attempts * perCall;
  return {
    kind,
    seed: dice.whole(1, 1e9),
    contacts,
    retry,
    dialer: {
      concurrency: isPaced ? Math.ceil(concurrency * dice.between(1.5, 3)) + 2 : concurrency,
      spacing: isPaced ? perCall : Math.min(perCall / 3, 1_000),
      latency: dice.spread(100, 3_000),
      declared: dice.chance(0.6),
    },
    people,
    times,
    startsSeen: dice.chance(0.85),
    expected,
    changes: changesOf(kind, expected, dice),
    breaks: breaksOf(kind, expected, dice),
  };
}

function retryOf(kind: Kind, dice: Dice): Scenario['retry'] {
  const retries = kind === 'retries' || dice.chance(RETRYING);
  const maxAttempts = retries ? dice.pick(2, 3, 3, 4) : 1;
  const told = dice.pick('policy', 'policy', 'policy', 'announced', 'nothing' as const);
  return { maxAttempts, delay: dice.spread(2 * MINUTE, 60 * MINUTE), told, first: dice.chance(0.7) };
}

function changesOf(kind: Kind, expected: number, dice: Dice): Scenario['changes'] {
  const ramp = { from: dice.between(0.1, 0.4), until: expected * dice.between(0.1, 0.4) };
  const grows = dice.chance(0.5) ? 1 : -1;
  const pace = { at: expected * dice.between(0.15, 0.85), factor: Math.exp(grows * dice.between(0.2, 0.8)) };
  const drift = { talk: dice.bell(0, 0.3), odds: dice.bell(-0.2, 0.4), restless: dice.between(0.01, 0.05) };
  return {
    ramp: kind === 'ramp' ? ramp : null,
    pace: kind === 'pace change' ? pace : null,
    drift: kind === 'drift' ? drift : null,
  };
}

function breaksOf(kind: Kind, expected: number, dice: Dice): Scenario['breaks'] {
  if (kind === 'pause') {
    let from = 0;
    return Array.from({ length: dice.whole(1, 3) }, () => {
      from += expected * dice.between(0.1, 0.4);
      const to = from + dice.spread(2 * MINUTE, 120 * MINUTE);
      const pause = { from, to, told: 'changes' as const };
      from = to;
      return pause;
    });
  }
  if (kind !== 'windows') return [];
  const closes = expected * dice.between(0.1, 0.9);
  const closed = dice.between(8, 14) * 60 * MINUTE;
  const told = dice.pick('changes', 'window' as const);
  return Array.from({ length: 30 }, (_, day) => {
    const from = closes + day * 24 * 60 * MINUTE;
    return { from, to: from + closed, told };
  });
}
