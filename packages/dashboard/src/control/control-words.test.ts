import { type Confirmation, Phase } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { confirmationNote, doingOf, offerOf } from './control-words.ts';

test('each phase offers what makes sense in it, and nothing twice', () => {
  const main = Object.fromEntries(Phase.options.map((phase) => [phase, offerOf(phase, 'built-in').main]));
  expect(main).toEqual({
    draft: 'start',
    scheduled: 'start',
    queued: 'start',
    running: 'pause',
    waiting: 'pause',
    stalled: 'pause',
    finishing: 'pause',
    pausing: null,
    paused: 'resume',
    completed: null,
    cancelled: null,
    failed: 'resume',
  });
  for (const phase of Phase.options) {
    const { main, more } = offerOf(phase, 'built-in');
    expect(new Set([main, ...more]).size).toBe(more.length + 1);
  }
});

test('what an external dialer ended is not resumed from here', () => {
  expect(offerOf('failed', 'external')).toEqual({ main: null, more: [] });
  expect(offerOf('completed', 'external').more).toEqual(['retry-failed']);
  expect(offerOf('paused', 'external').main).toBe('resume');
});

test('a pause says how many calls still drain, and nothing else does', () => {
  expect(doingOf('pausing', 14, null)).toEqual({ word: 'Pausing…', rest: '14 calls draining' });
  expect(doingOf('pausing', 0, null)).toEqual({ word: 'Pausing…', rest: '' });
  expect(doingOf('running', 14, null)).toBeNull();
  expect(doingOf('running', 14, 'cancel')).toEqual({ word: 'Cancelling…', rest: '' });
});

const now = Date.parse('2026-11-23T10:03:00Z');
const confirmation = (changes: Partial<Confirmation>): Confirmation => ({
  state: 'asked',
  command: 'pause',
  since: '2026-11-23T10:00:00Z',
  message: null,
  ...changes,
});

test('what was asked of an external dialer is not told as done', () => {
  expect(confirmationNote(confirmation({}), 'running', now)).toMatchObject({
    grave: false,
    title: 'Pause asked 3 min ago, not confirmed yet.',
  });
  const late = confirmationNote(confirmation({ state: 'unconfirmed' }), 'running', now);
  expect(late).toMatchObject({ grave: true, title: 'Pause asked 3 min ago, not confirmed.' });
  expect(late?.text).toContain('Calls may still start');
  expect(confirmationNote(confirmation({ state: 'refused', message: 'locked' }), 'running', now)).toMatchObject({
    title: 'The dialer refused to pause 3 min ago.',
    text: 'locked',
  });
});

test('nothing is told of what was confirmed, or of a campaign that is over', () => {
  expect(confirmationNote(confirmation({ state: 'confirmed' }), 'paused', now)).toBeNull();
  expect(confirmationNote(confirmation({ state: 'not-needed', command: null }), 'running', now)).toBeNull();
  expect(confirmationNote(confirmation({ state: 'unconfirmed' }), 'completed', now)).toBeNull();
});
