import { describe, expect, it } from 'vitest';
import {
  CampaignCreate,
  type ErrorCode,
  EventInput,
  errorCatalogue,
  Instant,
  isInstant,
  Problem,
  problem,
} from './index.ts';

const ended = {
  type: 'ended',
  campaignId: 'c-42',
  callId: '2c1c',
  at: '2025-08-07T14:00:05.250Z',
  status: 'completed',
};

describe('events', () => {
  it('take every documented member of their type', () => {
    const full = {
      ...ended,
      to: '+919876543210',
      from: '+918035735659',
      contactId: 'p-1',
      attributes: { city: 'Pune' },
      duration: 130,
      billDuration: 180,
      hangupCause: 'NORMAL_CLEARING',
      hangupCode: 4000,
      hangupSource: 'Callee',
      cost: '0.01842',
      currency: 'USD',
      digits: '1',
      recordingUrl: 'https://example.com/r.mp3',
      retryDueAt: '2025-08-07T15:00:00+05:30',
    };
    expect(EventInput.parse(full)).toEqual(full);
  });

  it.each([
    ['a member of another type', { ...ended, leadStatus: 'hot' }],
    ['an unknown status', { ...ended, status: 'gone' }],
    ['a time without a zone', { ...ended, at: '2025-08-07T14:00:05' }],
    ['a negative duration', { ...ended, duration: -1 }],
    ['a cost that is no decimal', { ...ended, cost: 'free' }],
    ['an empty call id', { ...ended, callId: '' }],
    ['a campaign id with a space', { ...ended, campaignId: 'a b' }],
  ])('refuse %s', (_what, event) => {
    expect(EventInput.safeParse(event).success).toBe(false);
  });
});

describe('an instant', () => {
  it.each([
    '',
    'soon',
    '2026-11-23',
    '2026-02-30T00:00:00Z',
    '2026-11-23T10:00:00',
    '+010000-01-01T00:00:00Z',
    // Read in UTC they are of the years 10000 and -1, which ISO 8601 writes in another form.
    '9999-12-31T23:59:59-12:00',
    '0000-01-01T00:00:00+12:00',
  ])('is not “%s”', (text) => {
    expect(Instant.safeParse(text).success).toBe(false);
  });

  it.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2026-11-23T15:30:00+05:30'])('is %s', (text) => {
    expect(Instant.parse(text)).toBe(text);
    expect(isInstant(Date.parse(text))).toBe(true);
  });

  it('is no number out of its range', () => {
    for (const at of [Number.NaN, 1e300, -1e300, 8.64e15, Number.POSITIVE_INFINITY]) expect(isInstant(at)).toBe(false);
  });
});

it('a registration needs an id and a name, and nothing else', () => {
  expect(CampaignCreate.parse({ id: 'c', name: 'n' })).toEqual({ id: 'c', name: 'n', dialer: 'external' });
});

it('every error of the catalogue makes a valid problem document', () => {
  for (const code of Object.keys(errorCatalogue) as ErrorCode[]) {
    const document = problem(code, 'What went wrong.');
    expect(Problem.parse(document)).toEqual(document);
    expect(document.status).toBeGreaterThanOrEqual(400);
  }
});
