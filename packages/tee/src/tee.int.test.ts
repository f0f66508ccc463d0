import { connect } from 'node:net';
import express from 'express';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ringsideTee } from './express.ts';
import { hangup, PUBLIC_URL, send } from './testing/callbacks.ts';
import { startRecorder } from './testing/recorder.ts';
import { ADMIN_KEY } from './testing/ringside.ts';
import { delivered, serve, teeTo, teeToRecorder } from './testing/watched-tee.ts';

describe('what is passed on', () => {
  it('is URL, signature headers and body, as they came, with the key', async () => {
    const { recorder, tee } = await teeToRecorder();
    const callback = hangup({ campaignId: 'c-1' });
    const app = express()
      .use('/plivo', tee)
      .post('/plivo/hangup', (_request, response) => void response.send('ok'));

    await send(await serve(app), { ...callback, headers: { ...callback.headers, cookie: 'secret=1' } });

    await delivered(tee, 1);
    const { 'content-type': contentType, ...signatures } = callback.headers;
    const lower = Object.entries(signatures).map(([name, value]) => [name.toLowerCase(), value]);
    expect(recorder.posts).toEqual([
      {
        method: 'POST',
        url: PUBLIC_URL + callback.target,
        headers: { ...Object.fromEntries(lower), 'content-type': contentType },
        body: callback.body,
      },
    ]);
    expect(recorder.authorizations).toEqual([`Bearer ${ADMIN_KEY}`]);
    expect(recorder.paths).toEqual(['/v1/providers/plivo/raw']);
  });

  it('is only what carries a signature, unless the host chooses by path', async () => {
    const recorder = await startRecorder();
    onTestFinished(() => recorder.close());
    const bySignature = teeTo(recorder.url).tee;
    const byPath = teeTo(recorder.url, { match: ({ path }) => path === '/plivo/test' }).tee;
    const app = express().use(bySignature, byPath);
    const url = await serve(app.all('/*any', (_request, response) => void response.send('ok')));

    await fetch(`${url}/plivo/test?x=1`, { method: 'POST', body: 'Event=Hangup' });
    await fetch(`${url}/plivo/other`, { method: 'POST', body: 'Event=Hangup' });
    await send(url, hangup({ campaignId: 'c-1', path: '/elsewhere' }));
    await send(url, { ...hangup({ campaignId: 'c-1' }), method: 'GET' });

    await delivered(bySignature, 2);
    await delivered(byPath, 1);
    expect(recorder.posts.map(({ url: called }) => new URL(called).pathname).sort()).toEqual([
      '/elsewhere',
      '/plivo/hangup',
      '/plivo/test',
    ]);
  });
});

describe('one request', () => {
  it('is passed on once, although two mounts of the tee see it', async () => {
    const { recorder, tee } = await teeToRecorder();
    const app = express().use('/plivo', tee).use('/plivo/hangup', tee);
    const url = await serve(app.post('/plivo/hangup', (_request, response) => void response.send('ok')));

    await send(url, hangup({ campaignId: 'c-1' }));
    await send(url, hangup({ campaignId: 'c-1' }));

    await delivered(tee, 2);
    expect(recorder.posts).toHaveLength(2);
  });

  it('is passed on after the host has answered', async () => {
    const { recorder, tee } = await teeToRecorder();
    const before: unknown[] = [];
    const app = express().use(tee).use(express.urlencoded());
    app.post('/plivo/hangup', (_request, response) => {
      setImmediate(() => {
        before.push(tee.status().waiting, tee.status().delivered);
        response.send('ok');
      });
    });

    await send(await serve(app), hangup({ campaignId: 'c-1' }));

    expect(before).toEqual([0, 0]);
    await delivered(tee, 1);
    expect(recorder.posts).toHaveLength(1);
  });

  it('is passed on although the host failed at it', async () => {
    const { tee } = await teeToRecorder();
    const app = express()
      .use(tee)
      .post('/plivo/hangup', (_request, response) => void response.sendStatus(500));

    await send(await serve(app), hangup({ campaignId: 'c-1' }));

    await delivered(tee, 1);
  });

  it("that breaks off is nobody's loss: the host has not had it either", async () => {
    const { tee, problems } = teeTo('http://127.0.0.1:9');
    const told: string[] = [];
    const app = express()
      .use(tee)
      .use((_request, response, next) => {
        response.once('close', () => told.push('closed'));
        next();
      });
    const onError: express.ErrorRequestHandler = (_error, _request, response, _next) => {
      told.push('broken');
      response.sendStatus(400);
    };
    const url = await serve(app.use(express.urlencoded()).use(onError));
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const head = `POST /plivo/hangup HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
    socket.write(`${head}X-Plivo-Signature-V3: s\r\nContent-Length: 100\r\n\r\nEvent=Hang`, () => socket.destroy());

    await vi.waitFor(() => expect(told.sort()).toEqual(['broken', 'closed']));

    expect(tee.status()).toMatchObject({ missed: 0, waiting: 0 });
    expect(problems).toEqual([]);
  });
});

describe('a body that cannot be had', () => {
  it('does not hurt the host, is counted, and told once', async () => {
    const { recorder, tee, problems } = await teeToRecorder();
    const app = express()
      .use(express.urlencoded({ extended: true }))
      .use(tee);
    const url = await serve(app.post('/plivo/hangup', (request, response) => void response.json(request.body)));
    const callback = { ...hangup({ campaignId: 'c-1' }), body: 'Event=Hangup&Digits[]=1' };

    const parsed = { Event: 'Hangup', Digits: ['1'] };
    for (let sent = 0; sent < 2; sent += 1)
      expect(await (await send(url, callback)).text()).toEqual(JSON.stringify(parsed));

    await vi.waitFor(() => expect(tee.status().missed).toBe(2));
    expect(problems.map(({ code }) => code)).toEqual(['raw-body-missing']);
    expect(problems[0]?.message).toContain('verify: tee.keepRawBody');
    expect(recorder.posts).toEqual([]);
  });

  it('is larger than any callback', async () => {
    const { tee, problems } = teeTo('http://127.0.0.1:9');
    const app = express()
      .use(tee)
      .use(express.urlencoded({ limit: '1mb' }));
    const url = await serve(
      app.post('/plivo/hangup', (request, response) => void response.json(request.body.a.length)),
    );

    const answer = await send(url, { ...hangup({ campaignId: 'c-1' }), body: `a=${'x'.repeat(200_000)}` });

    expect(await answer.json()).toBe(200_000);
    await vi.waitFor(() => expect(tee.status().missed).toBe(1));
    expect(problems.map(({ code }) => code)).toEqual(['body-too-large']);
  });
});

describe('the host', () => {
  it('never sees a fault of the tee or of what it was given', async () => {
    const { tee, problems } = teeTo('http://127.0.0.1:9', {
      match: () => {
        throw new Error('no match today');
      },
    });
    const url = await serve(
      express()
        .use(tee)
        .post('/plivo/hangup', (_request, response) => void response.send('ok')),
    );

    const answer = await send(url, hangup({ campaignId: 'c-1' }));

    expect(await answer.text()).toBe('ok');
    expect(problems).toMatchObject([{ code: 'tee-failed', message: expect.stringContaining('no match today') }]);
  });

  it('is told at start what it set up wrongly', () => {
    const good = { url: 'https://ringside.example', key: 'k', publicUrl: PUBLIC_URL };
    expect(() => ringsideTee({ ...good, publicUrl: '' })).toThrow(
      new TypeError('ringside tee: publicUrl must be an http or https URL without query and fragment'),
    );
  });
});
