import { createRequire } from 'node:module';
import express5 from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hangup, send } from './testing/callbacks.ts';
import { TestRingside } from './testing/ringside.ts';
import { delivered, serve, teeTo } from './testing/watched-tee.ts';

const express4 = createRequire(import.meta.url)('express-4') as typeof express5;

let ringside: TestRingside;
beforeAll(async () => {
  ringside = await TestRingside.create();
  await ringside.start();
});
afterAll(() => ringside.destroy());

const billing: express5.RequestHandler = (request, response) => {
  response.send(`billed ${request.body.CallUUID}`);
};

describe.each([
  ['Express 5', express5, 'five'],
  ['Express 4', express4, 'four'],
])('a host on %s', (_name, express, version) => {
  it('is billed as before, and its report shows the call: tee before the body parser', async () => {
    const { tee, refusals, problems } = teeTo(ringside.url);
    const app = express()
      .use('/plivo', tee)
      .use(express.urlencoded({ extended: true }));
    const callback = hangup({ campaignId: `before-${version}` });

    const answer = await send(await serve(app.post('/plivo/hangup', billing)), callback);

    expect(await answer.text()).toBe(`billed ${callback.callUuid}`);
    await delivered(tee, 1);
    expect(await ringside.callsOf(`before-${version}`)).toEqual([callback.callUuid]);
    expect([...refusals, ...problems]).toEqual([]);
  });

  it('may parse first when the parser keeps the raw body', async () => {
    const { tee, problems } = teeTo(ringside.url);
    const app = express()
      .use(express.urlencoded({ extended: true, verify: tee.keepRawBody }))
      .use('/plivo', tee);
    const callback = hangup({ campaignId: `kept-${version}` });

    await send(await serve(app.post('/plivo/hangup', billing)), callback);

    await delivered(tee, 1);
    expect(await ringside.callsOf(`kept-${version}`)).toEqual([callback.callUuid]);
    expect(problems).toEqual([]);
  });

  it('may parse first without a thought: the form is rebuilt, which is told once', async () => {
    const { tee, problems } = teeTo(ringside.url);
    const app = express()
      .use(express.urlencoded({ extended: true }))
      .use('/plivo', tee);
    const url = await serve(
      app.post('/plivo/hangup', (request, response) => {
        for (const name of Object.keys(request.body)) delete request.body[name];
        response.send('ok');
      }),
    );
    const callbacks = [hangup({ campaignId: `rebuilt-${version}` }), hangup({ campaignId: `rebuilt-${version}` })];

    for (const callback of callbacks) await send(url, callback);

    await delivered(tee, 2);
    const calls = await ringside.callsOf(`rebuilt-${version}`);
    expect(calls?.sort()).toEqual(callbacks.map(({ callUuid }) => callUuid).sort());
    expect(problems.map(({ code }) => code)).toEqual(['raw-body-rebuilt']);
  });

  it('takes callbacks by GET', async () => {
    const { tee } = teeTo(ringside.url);
    const app = express()
      .use('/plivo', tee)
      .get('/plivo/hangup', (_request, response) => void response.send('ok'));
    const callback = hangup({ campaignId: `get-${version}`, method: 'GET' });

    await send(await serve(app), callback);

    await delivered(tee, 1);
    expect(await ringside.callsOf(`get-${version}`)).toEqual([callback.callUuid]);
  });
});
