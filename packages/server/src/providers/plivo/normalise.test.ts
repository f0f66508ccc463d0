import { describe, expect, it } from 'vitest';
import { consoleOffset, parseClock, zoneOffset } from './console-time.ts';
import { Fields } from './fields.ts';
import { type Params, parseForm } from './form.ts';
import { normalisePlivo } from './normalise.ts';

const RECEIVED = Date.parse('2024-10-22T11:12:00Z');
const CONTEXT = { receivedAt: RECEIVED, timeZone: 'UTC' };
const BUSY = parseForm(
  'AnswerTime=&BillDuration=0&BillRate=0.005&CallStatus=busy&CallUUID=U1&Direction=outbound&Duration=0&EndTime=2024-10-22+16%3A41%3A21' +
    '&Event=Hangup&From=%2B918035735659&HangupCause=USER_BUSY&HangupCauseCode=3010&HangupCauseName=Busy+Line&HangupSource=Carrier' +
    '&ParentAuthID=MA&RequestUUID=U1&SessionStart=2024-10-22+11%3A10%3A48.129660&StartTime=2024-10-22+16%3A40%3A48&To=919876543210&TotalCost=0.00000',
);
const query = parseForm('campId=c-1');

function delivery(body: Params, campaign = query, context = CONTEXT) {
  const meaning = normalisePlivo(new Fields(campaign, body), context);
  if (meaning.kind !== 'call') throw new Error(`aside: ${meaning.why}`);
  return meaning.delivery;
}

describe('a hangup', () => {
  it('tells the whole call, in the console’s zone derived from SessionStart', () => {
    expect(delivery(BUSY).events).toEqual([
      { type: 'initiated', at: Date.parse('2024-10-22T11:10:48Z'), timing: 'exact' },
      {
        type: 'ended',
        at: Date.parse('2024-10-22T11:11:21Z'),
        timing: 'exact',
        end: { status: 'busy', code: 3010, cause: 'USER_BUSY', source: 'Carrier', duration: 0 },
        billDuration: 0,
        cost: { micros: 0, currency: null },
        digits: null,
        recordingUrl: null,
        retryDueAt: null,
      },
    ]);
  });

  it.each(['constructor', 'toString', '__proto__', 'sideways'])('has no status for the word %s', (CallStatus) => {
    expect(delivery({ ...BUSY, CallStatus }).events.at(-1)).toMatchObject({ end: { status: null, code: 3010 } });
  });

  it('is answered exactly when AnswerTime is not blank', () => {
    const answered = { ...BUSY, AnswerTime: '2024-10-22 16:40:59', CallStatus: 'completed', HangupCauseCode: '4000' };
    expect(delivery(answered).events[1]).toMatchObject({ type: 'answered', at: Date.parse('2024-10-22T11:10:59Z') });
    expect(delivery(BUSY).events.some((event) => event.type === 'answered')).toBe(false);
  });

  it('falls back to the configured zone without SessionStart, and to the receipt without EndTime', () => {
    const { SessionStart: _s, ...without } = BUSY;
    const ist = delivery(without, query, { receivedAt: RECEIVED, timeZone: 'Asia/Kolkata' });
    expect(ist.events[0]).toMatchObject({ at: Date.parse('2024-10-22T11:10:48Z') });
    expect(delivery({ ...BUSY, EndTime: 'soon' }).events.at(-1)).toMatchObject({ at: RECEIVED, timing: 'receipt' });
  });

  it('keeps an end whose numbers do not parse, without them', () => {
    const odd = delivery({
      ...BUSY,
      HangupCauseCode: 'x',
      Duration: '-1',
      TotalCost: '1e9',
      BillDuration: '9'.repeat(20),
    });
    expect(odd.events.at(-1)).toMatchObject({ end: { code: null, duration: null }, cost: null, billDuration: null });
  });

  it('uses the receipt for a time more than five minutes ahead of us', () => {
    const ahead = delivery({ ...BUSY, EndTime: '2024-10-22 17:41:21' });
    expect(ahead.events.at(-1)).toMatchObject({ at: RECEIVED, timing: 'receipt' });
  });
});

describe('identity', () => {
  it('names a call by attempt id, RequestUUID and CallUUID, and writes numbers one way', () => {
    const { aliases, to, from } = delivery(BUSY, parseForm('campId=c-1&attemptId=at-9'));
    expect(aliases).toEqual([
      { kind: 'attempt', id: 'at-9' },
      { kind: 'request', id: 'U1' },
      { kind: 'call', id: 'U1' },
    ]);
    expect([to, from]).toEqual(['+919876543210', '+918035735659']);
  });

  it('gives a redelivery the hash of the first, whenever it comes, and another content another hash', () => {
    const again = delivery(BUSY, query, { ...CONTEXT, receivedAt: RECEIVED + 9_000 });
    expect(again.hash).toBe(delivery(BUSY).hash);
    expect(delivery({ ...BUSY, Duration: '1' }).hash).not.toBe(again.hash);
    const two = delivery({ ...BUSY, Zy: 'a', Zz: 'b' });
    expect(delivery({ ...BUSY, Zy: 'a\0Zz\0b' }).hash).not.toBe(two.hash);
  });

  it.each([
    ['inbound calls', query, { ...BUSY, Direction: 'inbound' }],
    ['test calls', parseForm('campId=testcall'), BUSY],
    ['callbacks that name no call', query, { Event: 'Hangup', CallStatus: 'busy' }],
    ['callbacks of unknown kind', query, { CallUUID: 'U', Event: 'Dance' }],
  ])('puts %s aside', (_what, campaign, body) => {
    expect(normalisePlivo(new Fields(campaign, body), CONTEXT).kind).toBe('aside');
  });
});

describe('the callbacks of a live call', () => {
  it('are provisional: their times are those of the receipt', () => {
    const start = { CallUUID: 'U', RequestUUID: 'U', SessionStart: '2024-10-22 11:10:48.129660', To: '91', From: '91' };
    const ring = delivery({ ...start, Event: 'Ring', CallStatus: 'ringing' });
    expect(ring.events).toEqual([
      { type: 'initiated', at: Date.parse('2024-10-22T11:10:48.129Z'), timing: 'approximate' },
      { type: 'ringing', at: RECEIVED, timing: 'receipt' },
    ]);
    const answer = delivery({ ...start, Event: 'StartApp', CallStatus: 'in-progress', Machine: 'true' });
    expect(answer.events.map((event) => event.type)).toEqual(['initiated', 'answered', 'machine']);
    const machine = delivery({ CallUUID: 'U', Event: 'MachineDetection', Machine: 'true' });
    expect(machine.events.map((event) => event.type)).toEqual(['machine']);
  });

  it('go by their event, whatever URL they were sent to', () => {
    expect(
      delivery({ CallUUID: 'U', CallStatus: 'completed', EndTime: '2024-10-22 11:11:21' }).events.at(-1)?.type,
    ).toBe('ended');
  });
});

describe('console time', () => {
  it('is not read from what is no time', () => {
    for (const text of [
      '',
      'x',
      '2024-13-01 00:00:00',
      '2024-02-30 00:00:00',
      '1999-01-01 00:00:00',
      '2024-01-01 25:00:00',
    ]) {
      expect(parseClock(text), text).toBeNull();
    }
  });

  it.each([
    ['2024-10-22 16:40:48', '2024-10-22 11:10:48.129660', 330],
    ['2024-10-22 16:40:47', '2024-10-22 11:10:49.900000', 330],
    ['2024-10-22 03:10:48', '2024-10-22 11:10:48.129660', -480],
    ['2024-10-22 16:55:50', '2024-10-22 11:10:50.000000', 345],
  ])('%s against %s UTC lies %i minutes east', (start, session, minutes) => {
    expect(consoleOffset(parseClock(start), parseClock(session))).toBe(minutes * 60_000);
  });

  it('gives no offset where the two cannot be the same moment', () => {
    expect(consoleOffset(parseClock('2024-10-25 16:40:48'), parseClock('2024-10-22 11:10:48.1'))).toBeNull();
  });

  it('knows daylight saving in a named zone', () => {
    expect(zoneOffset(Date.UTC(2024, 6, 1, 12), 'America/New_York')).toBe(-4 * 3_600_000);
    expect(zoneOffset(Date.UTC(2024, 11, 1, 12), 'America/New_York')).toBe(-5 * 3_600_000);
  });
});
