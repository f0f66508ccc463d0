import type { CampaignSummary } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { frozenOrder, orderOf, selected } from './list-order.ts';

function campaign(
  campaignId: string,
  changes: Partial<CampaignSummary> = {},
  answerRate: number | null = 50,
): CampaignSummary {
  const summary: Partial<CampaignSummary> = {
    campaignId,
    campaignName: `Campaign ${campaignId}`,
    status: 'running',
    phase: 'running',
    blockers: [],
    timeline: { startTime: '2026-01-01T10:00:00Z', lastUpdateTime: null, estimatedEndTime: null },
    callMetrics: { answerRate } as CampaignSummary['callMetrics'],
    ...changes,
  };
  return summary as CampaignSummary;
}

const over = campaign('over', { status: 'completed', phase: 'completed' });
const running = campaign('running');
const blocked = campaign('blocked', { blockers: [{ code: 'answer-xml-missing', message: 'set it', until: null }] });
const windowed = campaign('windowed', {
  phase: 'waiting',
  blockers: [{ code: 'window', message: 'closed', until: '2026-01-02T03:30:00Z' }],
});

const now = new Date('2026-01-01T12:00:00Z');

test('what needs somebody comes first, then what runs, then what is over', () => {
  expect(orderOf([over, running, blocked], { key: 'activity', descending: true }, now)).toEqual([
    'blocked',
    'running',
    'over',
  ]);
});

test('an unknown figure comes last, up or down', () => {
  const campaigns = [campaign('unknown', {}, null), campaign('low', {}, 10), campaign('high', {}, 90)];
  expect(orderOf(campaigns, { key: 'answer', descending: true }, now)).toEqual(['high', 'low', 'unknown']);
  expect(orderOf(campaigns, { key: 'answer', descending: false }, now)).toEqual(['low', 'high', 'unknown']);
});

test('a blocker with an end needs nobody, nor does a pause', () => {
  const paused = campaign('paused', {
    phase: 'paused',
    blockers: [{ code: 'paused', message: 'Paused by Asha.', until: null }],
  });
  expect(selected([over, running, blocked, windowed, paused], { filter: 'needs-you', search: '', now })).toEqual([
    blocked,
  ]);
});

test('the search wants every word, in name or id', () => {
  expect(selected([over, running], { filter: 'all', search: 'campaign OVER', now })).toEqual([over]);
  expect(selected([over, running], { filter: 'running', search: 'over', now })).toEqual([]);
});

test('a frozen list keeps its places and takes new campaigns at the end', () => {
  expect(frozenOrder(['a', 'b', 'c'], ['c', 'd', 'a'])).toEqual(['a', 'c', 'd']);
});

test('a failure asks for somebody for a day', () => {
  const failed = campaign('failed', {
    status: 'failed',
    phase: 'failed',
    blockers: [{ code: 'failed', message: 'out of credits', until: null }],
    timeline: { startTime: null, lastUpdateTime: '2026-01-01T11:00:00Z', estimatedEndTime: null },
  });
  expect(selected([failed], { filter: 'needs-you', search: '', now })).toEqual([failed]);
  expect(selected([failed], { filter: 'needs-you', search: '', now: new Date('2026-01-03T12:00:00Z') })).toEqual([]);
});
