import { describe, expect, it } from 'vitest';
import { type Field, FieldMap, parseMapping, type Row } from './fields.ts';
import { eventsOfRow } from './row-events.ts';
import { RowClock, shownOffset } from './row-time.ts';

const settings = { campaignId: 'c', clock: new RowClock('Asia/Kolkata'), zoneIsGiven: true };

function eventsOf(row: Row, map: readonly string[] = [], isPlivo = false) {
  return eventsOfRow(new FieldMap(parseMapping(map)).read(row), isPlivo, settings);
}

const row = { CallUUID: 'u', StartTime: '2025-08-07 15:00:00', EndTime: '2025-08-07 15:01:00', CallStatus: 'busy' };

describe('times of rows', () => {
  const clock = new RowClock('Europe/Berlin');
  it.each([
    ['2025-08-07 15:30:00', '2025-08-07T13:30:00.000Z'],
    ['2025-01-07 15:30:00', '2025-01-07T14:30:00.000Z'],
    ['2025-08-07T15:30', '2025-08-07T13:30:00.000Z'],
    ['2025-08-07 15:30:00.123456', '2025-08-07T13:30:00.123Z'],
    ['2025-08-07T15:30:00Z', '2025-08-07T15:30:00.000Z'],
    ['2025-08-07 21:00:00+05:30', '2025-08-07T15:30:00.000Z'],
    ['2025-08-07 08:30:00 -0700', '2025-08-07T15:30:00.000Z'],
    ['1754580600', '2025-08-07T15:30:00.000Z'],
    ['1754580600250', '2025-08-07T15:30:00.250Z'],
  ])('reads %s', (text, iso) => {
    expect(new Date(clock.read(text, null) ?? 0).toISOString()).toBe(iso);
  });

  it.each(['07/08/2025 15:30', '2025-02-30 00:00:00', '2025-08-07', 'now', '15:30:00'])(
    'does not guess at %s',
    (text) => {
      expect(clock.read(text, null)).toBeNull();
    },
  );

  it('takes the zone that a Plivo document shows itself', () => {
    const offset = shownOffset('2024-10-22 16:40:48', '2024-10-22 11:10:48.129660');
    expect(offset).toBe(5.5 * 3_600_000);
    expect(clock.read('2024-10-22 16:40:48', offset)).toBe(Date.UTC(2024, 9, 22, 11, 10, 48));
  });
});

describe('a row of a past call', () => {
  it('tells when it was placed and how it ended', () => {
    expect(eventsOf(row)).toEqual([
      { type: 'initiated', campaignId: 'c', callId: 'u', at: '2025-08-07T09:30:00.000Z' },
      { type: 'ended', campaignId: 'c', callId: 'u', at: '2025-08-07T09:31:00.000Z', status: 'busy' },
    ]);
  });

  it('reads what MongoDB wraps, columns of any spelling, and nested members', () => {
    const document = {
      call_uuid: 'u',
      To: { $numberLong: '919876543210' },
      'End Time': { $date: '2025-08-07T09:31:00Z' },
      hangup_cause_code: { $numberInt: '4000' },
      Duration: 12.4,
      AnswerTime: null,
      lead_analysis: { verdict: 'WARM', points: { $numberDouble: '71.6' } },
    };
    const events = eventsOf(document, ['leadStatus=lead_analysis.verdict', 'leadScore=lead_analysis.points'], true);
    expect(events).toMatchObject([
      {
        type: 'ended',
        to: '+919876543210',
        at: '2025-08-07T09:31:00.000Z',
        status: 'completed',
        hangupCode: 4000,
        duration: 12,
      },
      { type: 'lead', leadStatus: 'warm', leadScore: 72 },
    ]);
  });

  it('leaves local numbers of other dialers to the campaign’s country', () => {
    expect(eventsOf({ ...row, To: '9876543210' })[0]).toMatchObject({ to: '9876543210' });
    expect(eventsOf({ ...row, To: '919876543210' }, [], true)[0]).toMatchObject({ to: '+919876543210' });
  });

  it.each<[string, Row, string]>([
    ['machine', { Machine: 'true' }, 'machine'],
    ['answeredBy', { answeredBy: 'human' }, 'ended'],
  ])('knows a machine: %s', (_name, more, type) => {
    expect(eventsOf({ ...row, ...more }).at(1)?.type).toBe(type);
  });

  it('finds the end by the duration where it is not said', () => {
    const { EndTime: _end, ...open } = row;
    expect(eventsOf({ ...open, Duration: '90' }).at(-1)).toMatchObject({ at: '2025-08-07T09:31:30.000Z' });
    expect(() => eventsOf(open)).toThrow('endTime is missing');
  });

  it('rounds amounts to a millionth', () => {
    expect(eventsOf({ ...row, TotalCost: 0.1 + 0.2 }).at(-1)).toMatchObject({ cost: '0.300000' });
    expect(eventsOf({ ...row, TotalCost: '0.01842', currency: 'usd' }).at(-1)).toMatchObject({
      cost: '0.01842',
      currency: 'USD',
    });
  });

  it.each<[Row, string]>([
    [{ CallUUID: '' }, 'callId is missing'],
    [{ EndTime: '2025-08-07 14:59:59' }, 'endTime lies before startTime'],
    [{ AnswerTime: '2025-08-07 14:59:59' }, 'answerTime lies before startTime'],
    [{ AnswerTime: '2025-08-07 15:02:00' }, 'endTime lies before answerTime'],
    [{ Duration: 'long' }, 'duration "long" is not a number of seconds'],
    [{ TotalCost: '-1' }, 'cost "-1" is not a decimal such as 0.0184'],
    [{ CallStatus: 'odd' }, 'status "odd" is not one of'],
    [{ CallStatus: null }, 'status is missing'],
    [{ leadStatus: 'great' }, 'leadStatus "great" is not hot, warm or cold'],
    [{ Direction: 'inbound' }, 'an inbound call'],
    [{ campId: 'testcall' }, 'campaign testcall is none'],
  ])('says why it cannot be used: %j', (more, reason) => {
    expect(() => eventsOf({ ...row, ...more })).toThrow(reason);
  });

  it('goes by the code where the word is not known', () => {
    expect(eventsOf({ ...row, CallStatus: 'odd', HangupCauseCode: '3010' }).at(-1)).toMatchObject({
      status: 'failed',
      hangupCode: 3010,
    });
  });
});

describe('the mapping', () => {
  it('is by field and column', () => {
    expect(parseMapping(['to=a=b'])).toEqual(new Map<Field, string>([['to', 'a=b']]));
    expect(() => parseMapping(['to'])).toThrow('must be field=column');
    expect(() => parseMapping(['colour=x'])).toThrow('there is no such field');
  });
});
