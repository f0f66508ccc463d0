import formbody from '@fastify/formbody';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createTee, ringsideTee, type TeeOptions } from './fastify.ts';
import { hangup, PUBLIC_URL, send } from './testing/callbacks.ts';
import { startRecorder } from './testing/recorder.ts';
import { ADMIN_KEY, TestRingside } from './testing/ringside.ts';
import { delivered } from './testing/watched-tee.ts';

let ringside: TestRingside;
beforeAll(async () => {
  ringside = await TestRingside.create();
  await ringside.start();
});
afterAll(() => ringside.destroy());

const optionsFor = (url: string): TeeOptions => ({ url, key: ADMIN_KEY, publicUrl: PUBLIC_URL });

async function serve(app: FastifyInstance): Promise<string> {
  onTestFinished(() => app.close());
  return app.listen({ port: 0, host: '127.0.0.1' });
}

describe('a host on Fastify', () => {
  it.each(['before', 'after'])(
    'is billed as before, and its report shows the call: tee registered %s the body parser',
    async (when) => {
      const tee = createTee(optionsFor(ringside.url));
      const app = fastify();
      if (when === 'after') await app.register(formbody);
      await app.register(ringsideTee, { tee });
      if (when === 'before') await app.register(formbody);
      app.post<{ Body: { CallUUID: string } }>('/plivo/hangup', async ({ body }) => `billed ${body.CallUUID}`);
      const callback = hangup({ campaignId: `fastify-${when}` });

      const answer = await send(await serve(app), callback);

      expect(await answer.text()).toBe(`billed ${callback.callUuid}`);
      await delivered(tee, 1);
      expect(await ringside.callsOf(`fastify-${when}`)).toEqual([callback.callUuid]);
    },
  );

  it('takes callbacks by GET', async () => {
    const tee = createTee(optionsFor(ringside.url));
    const app = fastify();
    await app.register(ringsideTee, { tee });
    app.get('/plivo/hangup', async () => 'ok');
    const callback = hangup({ campaignId: 'fastify-get', method: 'GET' });

    await send(await serve(app), callback);

    await delivered(tee, 1);
    expect(await ringside.callsOf('fastify-get')).toEqual([callback.callUuid]);
  });

  it('delivers what waits when it closes', async () => {
    const app = fastify();
    await app.register(ringsideTee, optionsFor(ringside.url));
    await app.register(formbody);
    app.post('/plivo/hangup', async () => 'ok');
    const callback = hangup({ campaignId: 'fastify-close' });
    await send(await serve(app), callback);

    await app.close();

    expect(await ringside.callsOf('fastify-close')).toEqual([callback.callUuid]);
  });

  it('is seen by its own tests, which inject requests', async () => {
    const recorder = await startRecorder();
    onTestFinished(() => recorder.close());
    const app = fastify();
    await app.register(ringsideTee, optionsFor(recorder.url));
    await app.register(formbody);
    app.post('/plivo/hangup', async () => 'ok');
    const { method, target, headers, body } = hangup({ campaignId: 'c-1' });

    await app.inject({ method, url: target, headers: { ...headers }, payload: body });
    await app.close();

    expect(recorder.posts).toMatchObject([{ method: 'POST', url: PUBLIC_URL + target, body }]);
  });

  it('fails to start with options that cannot be used', async () => {
    const app = fastify();
    onTestFinished(() => app.close());
    await expect(app.register(ringsideTee, { ...optionsFor('ftp://nowhere') })).rejects.toThrow(
      'ringside tee: url must be an http or https URL',
    );
  });
});

describe('a tee in one scope of a host', () => {
  it('does not see the routes of the others', async () => {
    const recorder = await startRecorder();
    onTestFinished(() => recorder.close());
    const tee = createTee(optionsFor(recorder.url));
    const app = fastify();
    await app.register(formbody);
    await app.register(async (scope) => {
      await scope.register(ringsideTee, { tee });
      scope.post('/calls/hangup', async () => 'ok');
    });
    app.post('/other/hangup', async () => 'ok');
    const url = await serve(app);

    await send(url, hangup({ campaignId: 'c-1', path: '/other/hangup' }));
    await send(url, hangup({ campaignId: 'c-1', path: '/calls/hangup' }));
    await app.close();

    expect(recorder.posts.map(({ url: called }) => new URL(called).pathname)).toEqual(['/calls/hangup']);
  });
});
