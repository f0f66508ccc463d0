import { CAMPAIGN_ID, type ServerMessage } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { Connection } from './connection.ts';
import type { TransportName } from './connection-state.ts';
import { FakeTimers, reportOf } from './testing/fakes.ts';
import { POSSIBLE_ID, type Topic } from './topic.ts';
import type { TransportSink } from './transport.ts';

interface Opened {
  readonly name: TransportName;
  readonly sink: TransportSink;
  readonly followed: Topic[];
  closed: boolean;
}

const topic = { kind: 'campaign', campaignId: 'c-1' } as const;

/** A connection whose transports are moved by hand. */
function stage() {
  const timers = new FakeTimers();
  const opened: Opened[] = [];
  const open = (name: TransportName) => (sink: TransportSink) => {
    const transport: Opened = { name, sink, followed: [], closed: false };
    opened.push(transport);
    return {
      follow: (followed: Topic) => void transport.followed.push(followed),
      unfollow: () => {},
      close: () => {
        transport.closed = true;
      },
    };
  };
  const connection = new Connection({
    ladder: ['websocket', 'sse', 'polling'],
    transports: { websocket: open('websocket'), sse: open('sse'), polling: open('polling') },
    timers,
    time: () => timers.now(),
    random: () => 0.5,
    onWake: () => () => {},
  });
  const last = (): Opened => {
    const transport = opened.at(-1);
    if (!transport) throw new Error('nothing was opened');
    return transport;
  };
  return { connection, timers, opened, last };
}

const snapshot = (revision: string): ServerMessage => ({
  type: 'snapshot',
  campaignId: 'c-1',
  revision,
  report: reportOf('c-1', revision),
});

test('two followers share one transport and one subscription', () => {
  const { connection, opened, last } = stage();
  const heard: string[] = [];
  connection.follow(topic, () => heard.push('one'));
  connection.follow(topic, () => heard.push('two'));
  expect(opened).toHaveLength(1);
  expect(last().followed).toEqual([topic]);
  last().sink.opened(15_000);
  last().sink.message(snapshot('r1'));
  expect(heard).toEqual(['one', 'two']);
  expect(connection.read(topic).held?.revision).toBe('r1');
  expect(connection.status.state).toBe('live');
});

test('a gap asks the transport for the topic again', () => {
  const { connection, last } = stage();
  connection.follow(topic, () => {});
  last().sink.opened(15_000);
  last().sink.message(snapshot('r1'));
  last().sink.message({ type: 'patch', campaignId: 'c-1', from: 'r5', revision: 'r6', patch: {} });
  expect(last().followed).toEqual([topic, topic]);
});

test('after a break the last value stays, and a new transport follows everything again', () => {
  const { connection, timers, opened, last } = stage();
  connection.follow(topic, () => {});
  connection.follow({ kind: 'overview' }, () => {});
  last().sink.opened(15_000);
  last().sink.message(snapshot('r1'));
  last().sink.failed();
  expect(connection.status.state).toBe('reconnecting');
  expect(connection.read(topic).held?.revision).toBe('r1');
  timers.pass(1_000);
  expect(opened).toHaveLength(2);
  expect(last().followed).toEqual([topic, { kind: 'overview' }]);
});

test('falls back to server-sent events and to polling, and says so', () => {
  const { connection, timers, opened, last } = stage();
  connection.follow(topic, () => {});
  for (let failures = 0; failures < 3; failures += 1) {
    last().sink.failed();
    timers.pass(5_000);
  }
  expect(opened.map(({ name }) => name)).toEqual(['websocket', 'websocket', 'sse', 'polling']);
  last().sink.opened(5_000);
  last().sink.message(snapshot('r1'));
  expect(connection.status).toMatchObject({ state: 'polling', transport: 'polling' });
});

test('waits at least as long as the server asks, and a minute at most', () => {
  const { connection, timers, opened, last } = stage();
  connection.follow(topic, () => {});
  last().sink.failed(8_000);
  timers.pass(7_999);
  expect(opened).toHaveLength(1);
  timers.pass(1);
  expect(opened).toHaveLength(2);
  last().sink.failed(3_600_000);
  timers.pass(60_000);
  expect(opened).toHaveLength(3);
});

test('silence is stale after two heartbeats, also while reconnecting', () => {
  const { connection, timers, last } = stage();
  const seen: string[] = [];
  connection.onStatus(() => seen.push(connection.status.state));
  connection.follow(topic, () => {});
  last().sink.opened(15_000);
  last().sink.message(snapshot('r1'));
  const heardAt = timers.now();
  timers.pass(29_999);
  expect(connection.status.state).toBe('live');
  timers.pass(1);
  expect(connection.status).toMatchObject({ state: 'stale', heardAt });
  last().sink.opened(15_000);
  last().sink.message(snapshot('r2'));
  expect(seen).toEqual(['connecting', 'live', 'stale', 'live']);
});

test('a transport that was given up is not listened to any more', () => {
  const { connection, timers, opened, last } = stage();
  connection.follow(topic, () => {});
  last().sink.failed();
  timers.pass(1_000);
  opened[0]?.sink.opened(15_000);
  opened[0]?.sink.message(snapshot('old'));
  expect(connection.read(topic).held).toBeNull();
  expect(opened[0]?.closed).toBe(true);
});

test('a refusal of one campaign is told to its followers and leaves the connection alone', () => {
  const { connection, last } = stage();
  connection.follow(topic, () => {});
  last().sink.opened(15_000);
  last().sink.message({ type: 'error', code: 'campaign-not-found', detail: 'No such campaign', campaignId: 'c-1' });
  expect(connection.read(topic).error?.code).toBe('campaign-not-found');
  last().sink.message(snapshot('r1'));
  expect(connection.read(topic).error).toBeNull();
  expect(connection.status.state).toBe('live');
});

test('a campaign that cannot exist is refused here, and the connection is not asked for it', () => {
  expect(POSSIBLE_ID).toEqual(CAMPAIGN_ID);
  const { connection, opened } = stage();
  for (const campaignId of ['', '100%', 'a/b', '__proto__', 'x'.repeat(129)]) {
    connection.follow({ kind: 'campaign', campaignId }, () => {})();
    expect(connection.read({ kind: 'campaign', campaignId })).toMatchObject({ error: { code: 'validation-failed' } });
  }
  expect(opened).toEqual([]);
  expect(connection.status.state).toBe('idle');
});

test('when nobody follows any more it closes, after a moment', () => {
  const { connection, timers, last } = stage();
  const leave = connection.follow(topic, () => {});
  leave();
  timers.pass(4_999);
  expect(last().closed).toBe(false);
  timers.pass(1);
  expect(last().closed).toBe(true);
  expect(connection.status.state).toBe('idle');
});
