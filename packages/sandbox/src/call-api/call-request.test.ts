import { describe, expect, it } from 'vitest';
import { readCallRequest } from './call-request.ts';

const usual = {
  from: '918035735601',
  to: '+919000000001',
  answer_url: 'https://dialer.test/answer?attemptId=a&campId=c',
};
const read = (changes: object = {}) => readCallRequest(JSON.stringify({ ...usual, ...changes }));

function understood(changes: object = {}) {
  const result = read(changes);
  if (!result.ok) throw new Error(result.error);
  return result.request;
}

describe('a request for a call', () => {
  it('needs no more than two numbers and an answer URL, and has Plivo’s defaults', () => {
    expect(understood()).toEqual({
      from: '+918035735601',
      to: '+919000000001',
      routes: { answer: { url: usual.answer_url, method: 'POST', policy: expect.objectContaining({ retries: 1 }) } },
      machineDetection: null,
      ringTimeoutSeconds: 120,
      timeLimitSeconds: 14_400,
      campaignId: 'c',
      attemptId: 'a',
    });
  });

  it('says where and how each callback goes', () => {
    const hangup_url = 'http://dialer.test/hangup?x=1#rc=5&rp=all&tt=20000';
    const { routes } = understood({ hangup_url, hangup_method: 'get' });
    expect(routes.hangup).toMatchObject({ url: hangup_url, method: 'GET', policy: { retries: 5, totalMs: 20_000 } });
    expect(Object.keys(routes).sort()).toEqual(['answer', 'hangup']);
  });

  it('takes numbers as text, and machine detection as either', () => {
    expect(understood({ ring_timeout: '30', time_limit: 60 })).toMatchObject({
      ringTimeoutSeconds: 30,
      timeLimitSeconds: 60,
    });
    expect(understood({ machine_detection: true }).machineDetection).toBe('continue');
    expect(understood({ machine_detection: 'hangup' }).machineDetection).toBe('hangup');
    expect(understood({ machine_detection: 'false' }).machineDetection).toBe(null);
  });

  it('finds the dialer’s ids in whichever URL carries them', () => {
    const answer_url = 'https://dialer.test/answer';
    expect(understood({ answer_url, hangup_url: 'https://dialer.test/?attemptId=h' })).toMatchObject({
      ...{ attemptId: 'h', campaignId: null },
    });
  });

  it.each([
    [{ from: undefined }, 'from parameter is missing'],
    [{ to: '' }, 'to parameter is missing'],
    [{ answer_url: undefined }, 'answer_url parameter is missing'],
    [{ answer_url: 'ftp://x' }, 'answer_url is not a URL'],
    [{ to: '911111111<912222222' }, 'to has several destinations; the sandbox takes one'],
    [{ to: 'sip:somebody@example.com' }, 'to is not a phone number'],
    [{ to: ['911111111'] }, 'to must be text'],
    [{ ring_url: 'nowhere' }, 'ring_url is not a URL'],
    [{ answer_method: 'PUT' }, 'answer_method must be GET or POST'],
    [{ ring_timeout: 0 }, 'ring_timeout must be a whole number of seconds'],
    [{ time_limit: 1.5 }, 'time_limit must be a whole number of seconds'],
    [{ machine_detection: 'maybe' }, 'machine_detection must be true or hangup'],
  ])('%j is refused: %s', (changes, error) => {
    expect(read(changes)).toEqual({ ok: false, error });
  });

  it.each(['', '[]', 'null', '{'])('%j is no request', (text) => {
    expect(readCallRequest(text)).toEqual({ ok: false, error: 'the body must be a JSON object' });
  });
});
