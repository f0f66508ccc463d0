import { describe, expect, test } from 'vitest';
import {
  type ConnectionEvent,
  type ConnectionState,
  initialState,
  type Ladder,
  transition,
  transportFor,
  waitFor,
} from './connection-state.ts';

const ladder: Ladder = ['websocket', 'sse', 'polling'];
const at = 1_000_000;
const failed = { name: 'failed', at, random: 0.5 } as const;
const opened = { name: 'opened', at, heartbeatMs: 15_000 } as const;

function after(...events: ConnectionEvent[]) {
  return events.reduce((step, event) => transition(step.state, event, ladder), {
    state: initialState,
    effects: [],
  } as ReturnType<typeof transition>);
}

const events: ConnectionEvent[] = [
  { name: 'wanted' },
  { name: 'unwanted' },
  opened,
  { name: 'heard', at },
  failed,
  { name: 'refused' },
  { name: 'changed', at, random: 0.5 },
  { name: 'woken' },
  { name: 'connect-overdue', at, random: 0.5 },
  { name: 'retry-due' },
  { name: 'silent' },
  { name: 'upgrade-due' },
  { name: 'linger-over' },
];
const states: Record<ConnectionState['name'], ConnectionState> = {
  idle: initialState,
  connecting: after({ name: 'wanted' }).state,
  open: after({ name: 'wanted' }, opened).state,
  waiting: after({ name: 'wanted' }, failed).state,
  refused: after({ name: 'wanted' }, { name: 'refused' }).state,
};

/** The state that follows, written out once so that a change of the table is looked at. */
const expected: Record<ConnectionState['name'], string> = {
  idle: 'connecting idle idle idle idle idle idle idle idle idle idle idle idle',
  connecting:
    'connecting connecting open connecting waiting refused waiting connecting waiting connecting connecting connecting idle',
  open: 'open open open open waiting refused waiting open open open connecting connecting idle',
  waiting: 'waiting waiting waiting waiting waiting refused waiting connecting waiting connecting waiting waiting idle',
  refused: 'connecting idle refused refused refused refused refused refused refused refused refused refused refused',
};

describe('every state takes every event', () => {
  test.each(Object.keys(expected) as ConnectionState['name'][])('%s', (name) => {
    expect(states[name].name).toBe(name);
    expect(events.map((event) => transition(states[name], event, ladder).state.name).join(' ')).toBe(expected[name]);
  });
});

test('the first follower opens the best transport', () => {
  expect(after({ name: 'wanted' }).effects).toContainEqual({ do: 'open', transport: 'websocket' });
});

test('fallback: the best twice, then each of the others, then around again', () => {
  expect([0, 1, 2, 3, 4, 5, 6].map((attempt) => transportFor(attempt, ladder))).toEqual([
    'websocket',
    'websocket',
    'sse',
    'polling',
    'websocket',
    'sse',
    'polling',
  ]);
  expect([0, 1, 2, 3].map((attempt) => transportFor(attempt, ['polling']))).toEqual(Array(4).fill('polling'));
});

test('waits double, are capped, and differ by client', () => {
  expect(waitFor(1, 1)).toBe(500);
  expect(waitFor(2, 1)).toBe(1_000);
  expect(waitFor(3, 0)).toBe(1_000);
  expect(waitFor(50, 1)).toBe(30_000);
  expect(waitFor(50, 0)).toBe(15_000);
});

test('a failure waits with backoff, then tries again', () => {
  const { state, effects } = after({ name: 'wanted' }, failed);
  expect(effects).toContainEqual({ do: 'close' });
  expect(effects).toContainEqual({ do: 'start', timer: 'retry-due', ms: 375 });
  const again = transition(state, { name: 'retry-due' }, ladder);
  expect(again.effects).toContainEqual({ do: 'open', transport: 'websocket' });
});

test('a connection that held is retried as if for the first time; one that broke at once is not', () => {
  const short = after({ name: 'wanted' }, failed, { name: 'retry-due' }, opened, failed);
  expect(short.state).toMatchObject({ name: 'waiting', attempt: 2 });
  const long = after({ name: 'wanted' }, failed, { name: 'retry-due' }, opened, { ...failed, at: at + 60_000 });
  expect(long.state).toMatchObject({ name: 'waiting', attempt: 1 });
});

test('whoever may see something else now is let in again at once, but not over and over', () => {
  const open = after({ name: 'wanted' }, failed, { name: 'retry-due' }, opened);
  const later = transition(open.state, { name: 'changed', at: at + 60_000, random: 0.5 }, ladder);
  expect(later.state).toMatchObject({ name: 'connecting', attempt: 0 });
  expect(later.effects).toContainEqual({ do: 'open', transport: 'websocket' });
  expect(transition(open.state, { name: 'changed', at: at + 10, random: 0.5 }, ladder).state).toMatchObject({
    name: 'waiting',
    attempt: 2,
  });
});

test('two heartbeats of silence are stale, and open anew; the next message ends it', () => {
  const open = after({ name: 'wanted' }, opened);
  expect(open.effects).toContainEqual({ do: 'start', timer: 'silent', ms: 30_000 });
  const silent = transition(open.state, { name: 'silent' }, ladder);
  expect(silent.state).toMatchObject({ name: 'connecting', stale: true });
  expect(silent.effects).toContainEqual({ do: 'close' });
  const back = transition(silent.state, opened, ladder);
  expect(back.state).toMatchObject({ name: 'open', stale: true });
  expect(transition(back.state, { name: 'heard', at }, ladder).state).toMatchObject({ stale: false, heardAt: at });
});

test('data go on ageing while the connection is away', () => {
  const waiting = after({ name: 'wanted' }, opened, { name: 'heard', at }, failed);
  expect(waiting.effects).not.toContainEqual({ do: 'cancel', timer: 'silent' });
  expect(transition(waiting.state, { name: 'silent' }, ladder).state).toMatchObject({ name: 'waiting', stale: true });
});

test('on a worse transport the best one is tried again, ever less often, and given up after one failure', () => {
  const sse = after({ name: 'wanted' }, failed, { name: 'retry-due' }, failed, { name: 'retry-due' }, opened);
  expect(sse.state).toMatchObject({ name: 'open', transport: 'sse' });
  expect(sse.effects).toContainEqual({ do: 'start', timer: 'upgrade-due', ms: 10_000 });
  const tried = transition(sse.state, { name: 'upgrade-due' }, ladder);
  expect(tried.effects).toContainEqual({ do: 'open', transport: 'websocket' });
  const back = [failed, { name: 'retry-due' }, opened] as const;
  const again = back.reduce((step, event) => transition(step.state, event, ladder), tried);
  expect(again.state).toMatchObject({ name: 'open', transport: 'sse' });
  expect(again.effects).toContainEqual({ do: 'start', timer: 'upgrade-due', ms: 20_000 });
});

test('the connection outlives a change of what is followed', () => {
  const { state, effects } = transition(states.open, { name: 'unwanted' }, ladder);
  expect(effects).toEqual([{ do: 'start', timer: 'linger-over', ms: 5_000 }]);
  expect(transition(state, { name: 'wanted' }, ladder).effects).toEqual([{ do: 'cancel', timer: 'linger-over' }]);
  expect(transition(state, { name: 'linger-over' }, ladder).effects).toContainEqual({ do: 'close' });
});
