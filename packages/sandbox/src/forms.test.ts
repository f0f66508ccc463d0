import { describe, expect, it } from 'vitest';
import { billOf, hangupForm, machineForm, ringForm, startAppForm } from './forms.ts';

const call = {
  authId: 'MAXXXXXXXXXXXXXXXXXX',
  callUuid: 'c-1',
  requestUuid: 'r-1',
  from: '+918035735659',
  to: '+919876543210',
  sessionStart: Date.UTC(2024, 9, 22, 11, 10, 48, 129) + 0.6601,
  billRate: '0.005',
};
const startedAt = Date.UTC(2024, 9, 22, 11, 10, 48, 90);
const zone = 'Asia/Kolkata';

describe('Ring', () => {
  it('has the plus, a blank caller name, and neither leg ids nor a price', () => {
    expect(ringForm(call)).toEqual({
      CallStatus: 'ringing',
      CallUUID: 'c-1',
      CallerName: '',
      Direction: 'outbound',
      Event: 'Ring',
      From: '+918035735659',
      ParentAuthID: 'MAXXXXXXXXXXXXXXXXXX',
      RequestUUID: 'r-1',
      SessionStart: '2024-10-22 11:10:48.129660',
      To: '919876543210',
    });
  });
});

describe('StartApp', () => {
  it('has leg ids, and no plus', () => {
    expect(startAppForm(call)).toMatchObject({
      Event: 'StartApp',
      CallStatus: 'in-progress',
      ALegUUID: 'c-1',
      ALegRequestUUID: 'r-1',
      From: '918035735659',
      BillRate: '0.005',
      CountryCode: 'IN',
    });
  });

  it('has the Indian fields in India only', () => {
    expect(startAppForm({ ...call, to: '+14155550123' })).not.toHaveProperty('CountryCode');
  });
});

describe('MachineDetection', () => {
  it('names neither the account nor the session', () => {
    expect(machineForm(call, 'hangup')).toEqual({
      ALegRequestUUID: 'r-1',
      ALegUUID: 'c-1',
      CallStatus: 'in-progress',
      CallUUID: 'c-1',
      Direction: 'outbound',
      Event: 'MachineDetection',
      From: '918035735659',
      IfMachine: 'hangup',
      Machine: 'true',
      RequestUUID: 'r-1',
      To: '919876543210',
    });
  });
});

describe('Hangup', () => {
  it('of an unanswered call is what was captured from Plivo', () => {
    const form = hangupForm(call, {
      startedAt,
      answeredAt: null,
      endedAt: Date.UTC(2024, 9, 22, 11, 11, 21, 700),
      code: 3010,
      zone,
    });
    expect(new URLSearchParams(form).toString()).toBe(
      'AnswerTime=&BillDuration=0&BillRate=0.005&CallStatus=busy&CallUUID=c-1&Direction=outbound&Duration=0' +
        '&EndTime=2024-10-22+16%3A41%3A21&Event=Hangup&From=%2B918035735659&HangupCause=USER_BUSY' +
        '&HangupCauseCode=3010&HangupCauseName=Busy+Line&HangupSource=Carrier&ParentAuthID=MAXXXXXXXXXXXXXXXXXX' +
        '&RequestUUID=r-1&STIRAttestation=Not+Applicable&STIRVerification=Not+Applicable' +
        '&SessionStart=2024-10-22+11%3A10%3A48.129660&StartTime=2024-10-22+16%3A40%3A48&To=919876543210' +
        '&TotalCost=0.00000',
    );
  });

  it('of an answered call has leg ids, no plus, a duration rounded up and a bill by the minute', () => {
    const answeredAt = Date.UTC(2024, 9, 22, 11, 11, 0, 200);
    const form = hangupForm(call, { startedAt, answeredAt, endedAt: answeredAt + 65_100, code: 4000, zone });
    expect(form).toMatchObject({
      AnswerTime: '2024-10-22 16:41:00',
      EndTime: '2024-10-22 16:42:05',
      Duration: '66',
      BillDuration: '120',
      TotalCost: '0.01000',
      CallStatus: 'completed',
      HangupCause: 'NORMAL_CLEARING',
      HangupCauseCode: '4000',
      HangupCauseName: 'Normal Hangup',
      HangupSource: 'Callee',
      From: '918035735659',
      ALegUUID: 'c-1',
      ALegRequestUUID: 'r-1',
    });
  });

  it('follows the zone of the console, but for the start of the session', () => {
    const end = { startedAt, answeredAt: null, endedAt: startedAt + 5_000, code: 3010 } as const;
    const form = hangupForm(call, { ...end, zone: 'America/New_York' });
    expect(form.StartTime).toBe('2024-10-22 07:10:48');
    expect(form.SessionStart).toBe('2024-10-22 11:10:48.129660');
  });
});

describe('a bill', () => {
  it.each([
    [8_000, 8, 60, '0.00500'],
    [60_000, 60, 60, '0.00500'],
    [60_001, 61, 120, '0.01000'],
  ])('of %i ms of talk is %i s, billed as %i', (talkMs, duration, billDuration, totalCost) => {
    expect(billOf({ answeredAt: 1_000, endedAt: 1_000 + talkMs }, '0.005')).toEqual({
      duration,
      billDuration,
      totalCost,
    });
  });
});
