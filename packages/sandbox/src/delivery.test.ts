import { describe, expect, it } from 'vitest';
import { deliver, deliveryPolicy } from './delivery.ts';
import type { Reply } from './http.ts';

const request = { method: 'POST', url: 'http://example.test/', headers: {}, body: '' } as const;
const fine: Reply = { kind: 'answer', status: 200, body: 'ok' };
const answer = (status: number, body = ''): Reply => ({ kind: 'answer', status, body });

/** A server that gives these replies in turn, the last for ever, on a clock that moves by sleeping only. */
function world(replies: readonly Reply[]) {
  const pauses: number[] = [];
  let tries = 0;
  let now = 0;
  let stopped = false;
  return {
    pauses,
    stop: () => {
      stopped = true;
    },
    effects: {
      send: async () => replies[Math.min(tries++, replies.length - 1)] as Reply,
      sleep: async (ms: number) => {
        pauses.push(ms);
        now += ms;
      },
      now: () => now,
      stopped: () => stopped,
    },
  };
}

describe('delivery policy', () => {
  it('is Plivo’s default when nothing is asked for', () => {
    expect(deliveryPolicy('')).toEqual({
      connectMs: 2_000,
      readMs: 40_000,
      totalMs: 55_000,
      retries: 1,
      retryOn: new Set(['ct', 'rt']),
    });
  });

  it('reads what a callback URL asks for', () => {
    expect(deliveryPolicy('#ct=1000&rt=5000&tt=20000&rc=5&rp=all')).toEqual({
      connectMs: 1_000,
      readMs: 5_000,
      totalMs: 20_000,
      retries: 5,
      retryOn: new Set(['ct', 'rt', '4xx', '5xx']),
    });
    expect(deliveryPolicy('rp=5xx,ct').retryOn).toEqual(new Set(['ct', '5xx']));
  });

  it('takes no number that Plivo would not', () => {
    expect(deliveryPolicy('rc=6&rt=50&ct=often')).toEqual(deliveryPolicy(''));
  });
});

describe('delivery', () => {
  it('is done at the first good answer', async () => {
    const { effects, pauses } = world([fine]);
    expect(await deliver(request, deliveryPolicy('rc=5&rp=all'), effects)).toEqual({ ok: true, tries: 1, body: 'ok' });
    expect(pauses).toEqual([]);
  });

  it('tries again with longer and longer pauses, as often as asked', async () => {
    const { effects, pauses } = world([answer(503)]);
    const delivered = await deliver(request, deliveryPolicy('rc=5&rp=all'), effects);
    expect(delivered).toEqual({ ok: false, tries: 6, status: 503, reason: 'answered 503' });
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000]);
  });

  it('arrives when the server comes back', async () => {
    const { effects } = world([{ kind: 'ct', message: 'refused' }, answer(500), fine]);
    expect(await deliver(request, deliveryPolicy('rc=5&rp=all'), effects)).toMatchObject({ ok: true, tries: 3 });
  });

  it('loses an event on a 503 by default, as Plivo does, but not on a time-out', async () => {
    expect(await deliver(request, deliveryPolicy(''), world([answer(503), fine]).effects)).toMatchObject({ ok: false });
    const timedOut: Reply = { kind: 'rt', message: 'no answer' };
    expect(await deliver(request, deliveryPolicy(''), world([timedOut, fine]).effects)).toMatchObject({ ok: true });
  });

  it('starts no try after the total time', async () => {
    const { effects } = world([answer(500)]);
    expect(await deliver(request, deliveryPolicy('rc=5&rp=all&tt=1000'), effects)).toMatchObject({ tries: 3 });
  });

  it('gives up at once when the run is stopped', async () => {
    const stopping = world([answer(500), fine]);
    stopping.stop();
    const delivered = await deliver(request, deliveryPolicy('rc=5&rp=all'), stopping.effects);
    expect(delivered).toMatchObject({ ok: false, tries: 1 });
    expect(stopping.pauses).toEqual([]);
  });

  it('says why a server refused', async () => {
    const body = '{"status":403,"code":"signature-invalid"}';
    const delivered = await deliver(request, deliveryPolicy(''), world([answer(403, body)]).effects);
    expect(delivered).toMatchObject({ status: 403, reason: 'answered 403 signature-invalid' });
  });
});
