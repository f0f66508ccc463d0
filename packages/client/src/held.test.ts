import type { Overview, ServerMessage } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { type Reception, receive } from './held.ts';
import { callOf, reportOf } from './testing/fakes.ts';

const topic = { kind: 'campaign', campaignId: 'c-1' } as const;
const snapshot = (revision: string): ServerMessage => ({
  type: 'snapshot',
  campaignId: 'c-1',
  revision,
  report: reportOf('c-1', revision, { version: 1 }),
});
const patch = (from: string, revision: string): ServerMessage => ({
  type: 'patch',
  campaignId: 'c-1',
  from,
  revision,
  patch: { revision, version: 2 },
});

function after(...messages: ServerMessage[]): Reception {
  return messages.reduce<Reception>((so, message) => receive(topic, so.held, message), { held: null, ask: false });
}

test('a snapshot is taken whole, and a patch that builds on it is merged', () => {
  const { held, ask } = after(snapshot('r1'), patch('r1', 'r2'));
  expect(ask).toBe(false);
  expect(held?.revision).toBe('r2');
  expect(held?.value).toMatchObject({ revision: 'r2', version: 2 });
});

test('a gap asks for a snapshot once, and ignores patches until it comes', () => {
  const gap = after(snapshot('r1'), patch('r2', 'r3'));
  expect(gap).toMatchObject({ ask: true, held: { revision: 'r1', awaiting: true } });
  expect(receive(topic, gap.held, patch('r3', 'r4'))).toEqual({ held: gap.held, ask: false });
  expect(receive(topic, gap.held, snapshot('r4')).held).toMatchObject({ revision: 'r4', awaiting: false });
});

test('a heartbeat with another revision is a gap too; with the same, or none yet, it is not', () => {
  const { held } = after(snapshot('r1'));
  const beat = (revision: string): ServerMessage => ({
    type: 'heartbeat',
    at: '2025-08-07T15:30:00Z',
    revisions: { 'c-1': revision },
  });
  expect(receive(topic, held, beat('r1')).ask).toBe(false);
  expect(receive(topic, held, beat('')).ask).toBe(false);
  expect(receive(topic, held, beat('r2')).ask).toBe(true);
});

test('calls of the held revision are upserted; of another one they are a gap', () => {
  const calls = (revision: string): ServerMessage => ({
    type: 'calls',
    campaignId: 'c-1',
    revision,
    calls: [callOf('a', '2025-08-07T15:30:00Z')],
  });
  const { held } = after(snapshot('r1'), calls('r1'));
  expect(held?.value).toMatchObject({ recentActivity: [{ callUUID: 'a' }] });
  expect(after(snapshot('r1'), calls('r2')).ask).toBe(true);
});

test('messages of other topics change nothing', () => {
  const { held } = after(snapshot('r1'));
  const others: ServerMessage[] = [
    { ...snapshot('r9'), campaignId: 'c-2' } as ServerMessage,
    { type: 'overview-patch', from: 'r1', revision: 'r2', patch: {} },
    { type: 'pong' },
  ];
  for (const message of others) expect(receive(topic, held, message)).toEqual({ held, ask: false });
});

test('the overview merges campaigns by id', () => {
  const overview = { revision: 'o1', campaigns: { a: { version: 1 } } } as unknown as Overview;
  const first = receive({ kind: 'overview' }, null, { type: 'overview-snapshot', revision: 'o1', overview });
  const second = receive({ kind: 'overview' }, first.held, {
    type: 'overview-patch',
    from: 'o1',
    revision: 'o2',
    patch: { revision: 'o2', campaigns: { b: { version: 1 } } },
  });
  expect(second.held?.value).toMatchObject({ campaigns: { a: { version: 1 }, b: { version: 1 } } });
});
