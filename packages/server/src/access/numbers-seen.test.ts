import { expect, it } from 'vitest';
import type { AuditNote } from '../store/access/records.ts';
import { NumbersSeen, type Sight } from './numbers-seen.ts';
import { type Principal, permissionsOf } from './principal.ts';

const HOUR = 3_600_000;

function log(isDown = () => false) {
  const notes: AuditNote[] = [];
  const complaints: unknown[] = [];
  let at = 1_000 * HOUR;
  const store = {
    async note(note: AuditNote) {
      if (isDown()) throw new Error('the disk is full');
      notes.push(note);
    },
  };
  const seen = new NumbersSeen({ store, now: () => at, log: { error: (facts: unknown) => complaints.push(facts) } });
  const pass = (ms: number): void => {
    at += ms;
  };
  return { seen, notes, complaints, pass };
}

function sight(actor = 'key:1', campaignId = 'c-1', role: 'viewer' | 'operator' = 'operator'): Sight {
  const principal = { workspace: 'acme', actor, permissions: permissionsOf(role, null, 'acme') } as Principal;
  return { principal, campaignId, address: '192.0.2.7' };
}

it('notes each actor, place and campaign once in an hour of the clock', () => {
  const { seen, notes, pass } = log();
  for (let poll = 0; poll < 100; poll += 1) seen.shown('report', sight());
  expect(notes).toEqual([
    {
      ...{ at: 1_000 * HOUR, workspace: 'acme', actor: 'key:1', address: '192.0.2.7' },
      ...{ action: 'numbers.seen', target: 'c-1', after: { where: 'report' } },
    },
  ]);
  seen.shown('report', sight('user:rani'));
  seen.shown('report', sight('key:1', 'c-2'));
  seen.shown('live', sight());
  expect(notes).toHaveLength(4);
  pass(HOUR - 1);
  seen.shown('report', sight());
  expect(notes).toHaveLength(4);
  pass(1);
  seen.shown('report', sight());
  expect(notes).toHaveLength(5);
});

it('notes every file', () => {
  const { seen, notes } = log();
  seen.exported('calls.csv', sight());
  seen.exported('calls.csv', sight());
  expect(notes.map(({ after }) => after)).toEqual([{ where: 'calls.csv' }, { where: 'calls.csv' }]);
});

it('notes nothing of those who see masked numbers', () => {
  const { seen, notes } = log();
  seen.shown('report', sight('key:1', 'c-1', 'viewer'));
  seen.exported('calls.csv', sight('key:1', 'c-1', 'viewer'));
  expect(notes).toEqual([]);
});

it('says that a note was not written, and tries again', async () => {
  let isDown = true;
  const { seen, notes, complaints } = log(() => isDown);
  seen.shown('report', sight());
  await seen.idle();
  expect(complaints).toMatchObject([{ actor: 'key:1', where: 'report' }]);
  isDown = false;
  seen.shown('report', sight());
  await seen.idle();
  expect(notes).toHaveLength(1);
});
