import type { CallDelivery } from '@ringside/core';
import { describe, expect, it } from 'vitest';
import { readCallRecord } from './call-record.ts';
import { retryAfter } from './plivo-reads.ts';

const UUID = '5607532d-5037-4066-befc-a8b40218dd4f';
const RECEIVED = Date.parse('2022-10-12T20:00:00Z');

/** As Plivo's documentation prints it, with a number instead of its SIP address. */
const ANSWERED = {
  answer_time: '2022-10-12 21:57:47+05:30',
  api_id: '52cd2e1d-2bfd-11ec-a7bd-0242ac110005',
  bill_duration: 61,
  billed_duration: 120,
  call_direction: 'outbound',
  call_duration: 61,
  call_state: 'ANSWER',
  call_uuid: UUID,
  conference_uuid: null,
  end_time: '2022-10-12 21:58:48+05:30',
  from_number: '+12025551111',
  hangup_cause_code: 4000,
  hangup_cause_name: 'Normal Hangup',
  hangup_source: 'Callee',
  initiation_time: '2022-10-12 21:57:40+05:30',
  parent_call_uuid: null,
  stir_verification: 'Not Applicable',
  to_number: '919876543210',
  total_amount: '0.01667',
  total_rate: '1.00000',
};
const UNANSWERED = {
  ...ANSWERED,
  answer_time: null,
  bill_duration: 0,
  billed_duration: 0,
  call_duration: 0,
  call_state: 'BUSY',
  hangup_cause_code: 3010,
  hangup_cause_name: 'Busy Line',
  hangup_source: 'Carrier',
  total_amount: '0.00000',
};

function deliveryOf(record: unknown): CallDelivery {
  const meaning = readCallRecord(record, UUID, RECEIVED);
  if (meaning.kind !== 'ended') throw new Error(JSON.stringify(meaning));
  return meaning.delivery;
}

describe('a call-detail record', () => {
  it('tells the whole call, by times with an offset', () => {
    expect(deliveryOf(ANSWERED)).toMatchObject({
      about: 'call',
      source: 'cdr',
      aliases: [{ kind: 'call', id: UUID }],
      to: '+919876543210',
      from: '+12025551111',
      events: [
        { type: 'initiated', at: Date.parse('2022-10-12T16:27:40Z'), timing: 'exact' },
        { type: 'answered', at: Date.parse('2022-10-12T16:27:47Z'), timing: 'exact', answeredBy: null },
        {
          type: 'ended',
          at: Date.parse('2022-10-12T16:28:48Z'),
          timing: 'exact',
          end: { status: 'completed', code: 4000, cause: 'Normal Hangup', source: 'Callee', duration: 61 },
          billDuration: 120,
          cost: { micros: 16_670, currency: null },
        },
      ],
    });
  });

  it.each([
    ['2022-10-12 12:28:48-04:00', '2022-10-12T16:28:48Z'],
    ['2022-10-12 16:28:48+00:00', '2022-10-12T16:28:48Z'],
    ['2022-10-12 16:28:48Z', '2022-10-12T16:28:48Z'],
    ['2022-10-12 22:13:48.500000+0545', '2022-10-12T16:28:48.500Z'],
  ])('reads %s as %s', (text, instant) => {
    expect(deliveryOf({ ...ANSWERED, end_time: text }).events.at(-1)?.at).toBe(Date.parse(instant));
  });

  it('has no answer where there was none, whatever duration it states', () => {
    const { events } = deliveryOf({ ...UNANSWERED, call_duration: 33 });
    expect(events.map((event) => event.type)).toEqual(['initiated', 'ended']);
    expect(events[1]).toMatchObject({ end: { status: 'busy', code: 3010, duration: 0 }, cost: { micros: 0 } });
  });

  it('has the same hash whichever request brought it and however its numbers are written, and another when it is amended', () => {
    const { hash } = deliveryOf(ANSWERED);
    expect(deliveryOf({ ...ANSWERED, api_id: 'another', hangup_cause_code: '4000' }).hash).toBe(hash);
    expect(deliveryOf({ ...ANSWERED, total_amount: '0.02000' }).hash).not.toBe(hash);
  });

  it.each([null, undefined, ''])('is of a call in progress while its end is %j', (end_time) => {
    expect(readCallRecord({ ...ANSWERED, end_time }, UUID, RECEIVED)).toEqual({ kind: 'live' });
  });

  it.each([
    ['of another call', { ...ANSWERED, call_uuid: 'other' }],
    ['with an end in an unknown zone', { ...ANSWERED, end_time: '2022-10-12 21:58:48' }],
    ['with an answer that is no time', { ...ANSWERED, answer_time: '2022-13-12 21:57:47+05:30' }],
    ['that is a list', [ANSWERED]],
    ['that is nothing', null],
    ['that is text', 'ok'],
  ])('is not believed: one %s', (_what, record) => {
    expect(readCallRecord(record, UUID, RECEIVED).kind).toBe('unreadable');
  });

  it('leaves out what cannot be read, and clamps an end far ahead of our clock', () => {
    const odd = {
      ...ANSWERED,
      total_amount: 'free',
      hangup_cause_code: 'x',
      billed_duration: -1,
      end_time: '2022-10-12 23:00:00-04:00',
    };
    expect(deliveryOf(odd).events.at(-1)).toMatchObject({
      at: RECEIVED,
      timing: 'receipt',
      cost: null,
      billDuration: null,
      end: { code: null },
    });
  });
});

it.each([
  [null, null],
  ['', null],
  ['soon', null],
  ['-', null],
  ['2', 2_000],
  ['99999999999999999999', 3_600_000],
  ['9'.repeat(400), 3_600_000],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000],
  ['Wed, 12 Oct 2022 19:59:50 GMT', 0],
])('a Retry-After of %s pauses an account for %s ms', (header, ms) => {
  expect(retryAfter(header, RECEIVED)).toBe(ms);
});
