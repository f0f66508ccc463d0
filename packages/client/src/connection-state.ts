/** Ways to the server, best first. */
export type TransportName = 'websocket' | 'sse' | 'polling';

/** Facts that outlive a single attempt. */
interface Memory {
  /** Failures in a row; chooses the transport and the wait. */
  readonly attempt: number;
  /** Longest usual gap between two messages, milliseconds. */
  readonly heartbeatMs: number;
  /** Wait until the best transport is tried again while a worse one works, milliseconds. */
  readonly upgradeMs: number;
  /** The server’s time at the last message, epoch milliseconds; `null` before the first. */
  readonly heardAt: number | null;
  /** Nothing was heard for two heartbeats. */
  readonly stale: boolean;
}

export type ConnectionState =
  | { readonly name: 'idle' }
  | ({ readonly name: 'connecting'; readonly transport: TransportName } & Memory)
  | ({ readonly name: 'open'; readonly transport: TransportName; readonly openedAt: number } & Memory)
  | ({ readonly name: 'waiting' } & Memory)
  | { readonly name: 'refused' };

/** `heard` tells the server’s time; the times of all others are of a clock that only goes forward. */
export type ConnectionEvent =
  /** Somebody follows something. */
  | { readonly name: 'wanted' }
  /** Nobody follows anything any more. */
  | { readonly name: 'unwanted' }
  /** The transport is up: the server said hello. */
  | { readonly name: 'opened'; readonly at: number; readonly heartbeatMs: number }
  | { readonly name: 'heard'; readonly at: number }
  /** The transport could not be opened, or broke. `random` is drawn from [0, 1); the server may ask to wait longer. */
  | { readonly name: 'failed'; readonly at: number; readonly random: number; readonly retryAfterMs?: number }
  /** The server does not know who asks, or lets them in no longer; trying again would not help. */
  | { readonly name: 'refused' }
  /** Whoever asks may see something else now; the server lets them in as that. */
  | { readonly name: 'changed'; readonly at: number; readonly random: number }
  /** The network came back, or the page woke up. */
  | { readonly name: 'woken' }
  | { readonly name: 'connect-overdue'; readonly at: number; readonly random: number }
  | { readonly name: 'retry-due' }
  | { readonly name: 'silent' }
  | { readonly name: 'upgrade-due' }
  | { readonly name: 'linger-over' };

export type TimerName = 'connect-overdue' | 'retry-due' | 'silent' | 'upgrade-due' | 'linger-over';

export type ConnectionEffect =
  | { readonly do: 'open'; readonly transport: TransportName }
  | { readonly do: 'close' }
  | { readonly do: 'start'; readonly timer: TimerName; readonly ms: number }
  | { readonly do: 'cancel'; readonly timer: TimerName };

export interface Step {
  readonly state: ConnectionState;
  readonly effects: readonly ConnectionEffect[];
}

/** Transports that can be used here, best first; at least one. */
export type Ladder = readonly [TransportName, ...TransportName[]];

const CONNECT_WITHIN_MS = 10_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Whatever the server asks for, a page does not stand still for longer. */
const LONGEST_RETRY_AFTER_MS = 60_000;
const FIRST_UPGRADE_MS = 10_000;
const LONGEST_UPGRADE_MS = 300_000;
/** A connection that held this long was sound: its end is the first failure, not one more. */
const SOUND_MS = 5_000;
/** A page that changes what it follows lets go of one thing before it takes the next. */
const LINGER_MS = 5_000;
const TRIES_OF_THE_BEST = 2;

export const initialState: ConnectionState = { name: 'idle' };

const fresh: Memory = { attempt: 0, heartbeatMs: 15_000, upgradeMs: FIRST_UPGRADE_MS, heardAt: null, stale: false };

/** The best transport twice, then down the ladder and around again: whatever works first when the server is back. */
export function transportFor(attempt: number, ladder: Ladder): TransportName {
  const rung = attempt < TRIES_OF_THE_BEST ? 0 : (attempt - TRIES_OF_THE_BEST + 1) % ladder.length;
  return ladder[rung] ?? ladder[0];
}

/** Doubling with a cap, and with jitter, so that clients of a restarted server do not come back all at once. */
export function waitFor(attempt: number, random: number): number {
  const cap = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, attempt - 1));
  return Math.round(cap * (0.5 + random / 2));
}

type Named<U extends { readonly name: string }, N extends U['name']> = Extract<U, { readonly name: N }>;

type Table = {
  readonly [S in ConnectionState['name']]: {
    readonly [E in ConnectionEvent['name']]: (
      state: Named<ConnectionState, S>,
      event: Named<ConnectionEvent, E>,
      ladder: Ladder,
    ) => Step;
  };
};

const ignore = (state: ConnectionState): Step => ({ state, effects: [] });
const linger = (state: ConnectionState): Step => ({ state, effects: [start('linger-over', LINGER_MS)] });
const stay = (state: ConnectionState): Step => ({ state, effects: [{ do: 'cancel', timer: 'linger-over' }] });
const stop = (): Step => ({ state: { name: 'idle' }, effects: [...hangUp, cancel('silent'), cancel('linger-over')] });
const refuse = (): Step => ({
  state: { name: 'refused' },
  effects: [...hangUp, cancel('silent'), cancel('linger-over')],
});

const cancel = (timer: TimerName): ConnectionEffect => ({ do: 'cancel', timer });
const start = (timer: TimerName, ms: number): ConnectionEffect => ({ do: 'start', timer, ms });

/** Ends the present attempt or connection; the data in hand go on ageing. */
const hangUp: readonly ConnectionEffect[] = [
  { do: 'close' },
  cancel('connect-overdue'),
  cancel('retry-due'),
  cancel('upgrade-due'),
];

/** Every state and every event, so that nothing that can happen is left to chance. */
const table: Table = {
  idle: {
    wanted: (_state, _event, ladder) => connect(fresh, ladder),
    unwanted: ignore,
    opened: ignore,
    heard: ignore,
    failed: ignore,
    refused: ignore,
    changed: ignore,
    woken: ignore,
    'connect-overdue': ignore,
    'retry-due': ignore,
    silent: ignore,
    'upgrade-due': ignore,
    'linger-over': ignore,
  },
  connecting: {
    wanted: stay,
    unwanted: linger,
    opened: open,
    heard: ignore,
    failed: fail,
    refused: refuse,
    changed: fail,
    woken: ignore,
    'connect-overdue': fail,
    'retry-due': ignore,
    silent: (state) => ignore({ ...state, stale: true }),
    'upgrade-due': ignore,
    'linger-over': stop,
  },
  open: {
    wanted: stay,
    unwanted: linger,
    opened: (state, { heartbeatMs }) => ({
      state: { ...state, heartbeatMs },
      effects: [start('silent', 2 * heartbeatMs)],
    }),
    heard: (state, { at }) => ({
      state: { ...state, heardAt: at, stale: false },
      effects: [start('silent', 2 * state.heartbeatMs)],
    }),
    failed: (state, event) => fail(endOf(state, event.at), event),
    refused: refuse,
    changed: (state, event, ladder) =>
      // At once, unless it goes on and on.
      isSound(state, event.at)
        ? connect({ ...memoryOf(state), attempt: 0 }, ladder)
        : fail(endOf(state, event.at), event),
    woken: ignore,
    'connect-overdue': ignore,
    'retry-due': ignore,
    silent: (state, _event, ladder) => connect({ ...memoryOf(state), attempt: state.attempt + 1, stale: true }, ladder),
    'upgrade-due': upgrade,
    'linger-over': stop,
  },
  waiting: {
    wanted: stay,
    unwanted: linger,
    opened: ignore,
    heard: ignore,
    failed: ignore,
    refused: refuse,
    changed: ignore,
    woken: (state, _event, ladder) => connect(memoryOf(state), ladder),
    'connect-overdue': ignore,
    'retry-due': (state, _event, ladder) => connect(memoryOf(state), ladder),
    silent: (state) => ignore({ ...state, stale: true }),
    'upgrade-due': ignore,
    'linger-over': stop,
  },
  refused: {
    wanted: (_state, _event, ladder) => connect(fresh, ladder),
    unwanted: () => stop(),
    opened: ignore,
    heard: ignore,
    failed: ignore,
    refused: ignore,
    changed: ignore,
    woken: ignore,
    'connect-overdue': ignore,
    'retry-due': ignore,
    silent: ignore,
    'upgrade-due': ignore,
    'linger-over': ignore,
  },
};

/** The whole behaviour of a connection: what follows from an event, as the next state and what is to be done. */
export function transition(state: ConnectionState, event: ConnectionEvent, ladder: Ladder): Step {
  // The table is indexed by the names of the very values that it is given, which the compiler cannot follow.
  const row = table[state.name] as Record<string, (s: ConnectionState, e: ConnectionEvent, l: Ladder) => Step>;
  const cell = row[event.name];
  if (!cell) throw new Error(`no transition from ${state.name} by ${event.name}`);
  return cell(state, event, ladder);
}

function connect(memory: Memory, ladder: Ladder, transport = transportFor(memory.attempt, ladder)): Step {
  return {
    state: { ...memory, name: 'connecting', transport },
    effects: [...hangUp, { do: 'open', transport }, start('connect-overdue', CONNECT_WITHIN_MS)],
  };
}

function open(
  state: Named<ConnectionState, 'connecting'>,
  { at, heartbeatMs }: Named<ConnectionEvent, 'opened'>,
  ladder: Ladder,
): Step {
  const isBest = state.transport === ladder[0];
  const upgradeMs = isBest ? FIRST_UPGRADE_MS : state.upgradeMs;
  return {
    state: { ...memoryOf(state), name: 'open', transport: state.transport, openedAt: at, heartbeatMs, upgradeMs },
    effects: [
      cancel('connect-overdue'),
      start('silent', 2 * heartbeatMs),
      ...(isBest ? [] : [start('upgrade-due', upgradeMs)]),
    ],
  };
}

function fail(
  state: Named<ConnectionState, 'connecting'>,
  { random, retryAfterMs = 0 }: { readonly random: number; readonly retryAfterMs?: number },
): Step {
  const attempt = state.attempt + 1;
  const wait = Math.max(waitFor(attempt, random), Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));
  return { state: { ...memoryOf(state), name: 'waiting', attempt }, effects: [...hangUp, start('retry-due', wait)] };
}

/** An open connection that ended, as the attempt that it was. */
function endOf(state: Named<ConnectionState, 'open'>, at: number): Named<ConnectionState, 'connecting'> {
  const attempt = isSound(state, at) ? 0 : state.attempt;
  return { ...memoryOf(state), name: 'connecting', transport: state.transport, attempt };
}

function isSound({ openedAt }: Named<ConnectionState, 'open'>, at: number): boolean {
  return at - openedAt >= SOUND_MS;
}

/** One try of the best transport; if it fails, the next attempt is on the ladder’s second rung. */
function upgrade(state: Named<ConnectionState, 'open'>, _event: ConnectionEvent, ladder: Ladder): Step {
  const upgradeMs = Math.min(LONGEST_UPGRADE_MS, state.upgradeMs * 2);
  return connect({ ...memoryOf(state), attempt: TRIES_OF_THE_BEST - 1, upgradeMs }, ladder, ladder[0]);
}

function memoryOf({ attempt, heartbeatMs, upgradeMs, heardAt, stale }: Memory): Memory {
  return { attempt, heartbeatMs, upgradeMs, heardAt, stale };
}
