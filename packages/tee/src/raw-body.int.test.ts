import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { BODY_LIMIT } from './raw-body.ts';
import { type Handle, post, postPieces, type Seen, serveOne, textOf } from './testing/serve-one.ts';

const BODY = 'CallUUID=abc&AnswerTime=&From=%2B91+98&Name=%E0%A4%85';

const echo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  response.end(await textOf(request));
};

const hasBuffered = (request: IncomingMessage, bytes: number): Promise<void> =>
  vi.waitFor(() => expect(request.readableLength).toBe(bytes), { interval: 1 });

const whole: Seen = { answer: BODY, captured: { state: 'raw', text: BODY } };

describe('a copy of the body, and the whole body for the host', () => {
  it('when the host reads at once', async () => {
    const handle: Handle = (request, response, capture) => {
      capture();
      return echo(request, response);
    };
    expect(await serveOne(handle, post(BODY))).toEqual(whole);
  });

  it('when something asynchronous stands between the tee and the parser', async () => {
    const handle: Handle = async (request, response, capture) => {
      capture();
      await hasBuffered(request, BODY.length);
      await echo(request, response);
    };
    expect(await serveOne(handle, post(BODY))).toEqual(whole);
  });

  it.each(['untouched', 'paused'])('when the body is there before the tee, %s', async (how) => {
    const handle: Handle = async (request, response, capture) => {
      if (how === 'paused') request.pause();
      await hasBuffered(request, BODY.length);
      capture();
      await new Promise((resolve) => setImmediate(resolve));
      await echo(request, response);
    };
    expect(await serveOne(handle, post(BODY))).toEqual(whole);
  });

  it('when one half is there before the tee and one comes after it', async () => {
    const halves = [BODY.slice(0, 20), BODY.slice(20)];
    let hasCaptured = false;
    const handle: Handle = async (request, response, capture) => {
      await hasBuffered(request, 20);
      capture();
      hasCaptured = true;
      await hasBuffered(request, BODY.length);
      await echo(request, response);
    };
    const mayGoOn = async (piece: number): Promise<void> => {
      if (piece === 1) await vi.waitFor(() => expect(hasCaptured).toBe(true), { interval: 1 });
    };

    const { answer, captured } = await serveOne(handle, postPieces(halves, mayGoOn));

    expect(answer).toContain(BODY);
    expect(captured).toEqual(whole.captured);
  });

  it('when the host reads text', async () => {
    const handle: Handle = (request, response, capture) => {
      capture();
      request.setEncoding('latin1');
      return echo(request, response);
    };
    expect((await serveOne(handle, post(BODY))).captured).toEqual(whole.captured);
  });

  it('when the host does not read at all', async () => {
    const handle: Handle = async (request, response, capture) => {
      capture();
      await hasBuffered(request, BODY.length);
      response.end('ok');
    };
    expect(await serveOne(handle, post(BODY))).toEqual({ answer: 'ok', captured: whole.captured });
  });

  it('when the host answers before the body comes, and never reads it', async () => {
    let hasAnswered = false;
    const handle: Handle = (_request, response, capture) => {
      response.once('close', () => {
        hasAnswered = true;
      });
      capture();
      response.end('ok');
    };
    const answered = (): Promise<void> => vi.waitFor(() => expect(hasAnswered).toBe(true), { interval: 1 });

    const { captured } = await serveOne(handle, postPieces([BODY], answered));

    expect(captured).toEqual(whole.captured);
  });
});

describe('a body that Ringside could not use', () => {
  it('is too large, and reaches the host whole', async () => {
    const handle: Handle = (request, response, capture) => {
      capture();
      return echo(request, response);
    };
    const most = 'x'.repeat(BODY_LIMIT);
    expect((await serveOne(handle, post(most))).captured).toEqual({ state: 'raw', text: most });
    const large = 'y'.repeat(1_000_000);
    expect(await serveOne(handle, post(large))).toEqual({ answer: large, captured: { state: 'too-large' } });
  });

  it('is compressed', async () => {
    const handle: Handle = (_request, response, capture) => {
      capture();
      response.end();
    };
    const { captured } = await serveOne(handle, post(gzipSync(BODY), { 'content-encoding': 'gzip' }));
    expect(captured).toEqual({ state: 'missing' });
  });

  it('was read before the tee', async () => {
    const handle: Handle = async (request, response, capture) => {
      const text = await new Promise((resolve) => request.once('data', resolve));
      capture();
      response.end(String(text));
    };
    expect(await serveOne(handle, post(BODY))).toEqual({ answer: BODY, captured: { state: 'missing' } });
  });

  it('was read in part before the tee', async () => {
    let hasCaptured = false;
    const handle: Handle = async (request, response, capture) => {
      const first = await new Promise((resolve) => request.once('data', resolve));
      request.pause();
      capture();
      hasCaptured = true;
      response.end(String(first) + (await textOf(request)));
    };
    const mayGoOn = async (piece: number): Promise<void> => {
      if (piece === 1) await vi.waitFor(() => expect(hasCaptured).toBe(true), { interval: 1 });
    };

    const { answer, captured } = await serveOne(handle, postPieces([BODY.slice(0, 20), BODY.slice(20)], mayGoOn));

    expect(answer).toContain(BODY);
    expect(captured).toEqual({ state: 'missing' });
  });
});

describe('what the host kept of a body it had read', () => {
  it.each([
    ['rawBody as bytes', { rawBody: Buffer.from(BODY), body: { CallUUID: 'changed' } }],
    ['rawBody as text', { rawBody: BODY, body: {} }],
    ['body of a raw parser', { body: Buffer.from(BODY) }],
    ['body of a text parser', { body: BODY }],
  ])('%s', async (_name, kept) => {
    const handle: Handle = async (request, response, capture) => {
      await textOf(request);
      Object.assign(request, kept);
      capture();
      response.end();
    };
    expect((await serveOne(handle, post(BODY))).captured).toEqual(whole.captured);
  });
});
