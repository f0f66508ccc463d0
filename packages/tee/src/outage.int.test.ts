import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { hangup, type SignedCallback, send } from './testing/callbacks.ts';
import { startExpressHost, type WatchedHost } from './testing/express-host.ts';
import { listen } from './testing/host.ts';
import { startRecorder } from './testing/recorder.ts';
import { TestRingside, temporaryFolder } from './testing/ringside.ts';
import { delivered } from './testing/watched-tee.ts';

const CAMPAIGN = 'outage';

let ringside: TestRingside;
beforeEach(async () => {
  ringside = await TestRingside.create();
});
afterEach(() => ringside.destroy());

const uuidsOf = (callbacks: readonly SignedCallback[]): string[] => callbacks.map(({ callUuid }) => callUuid).sort();

function hangups(count: number): SignedCallback[] {
  return Array.from({ length: count }, () => hangup({ campaignId: CAMPAIGN }));
}

/** Every callback is answered by the host as ever. */
async function call(host: WatchedHost, callbacks: readonly SignedCallback[]): Promise<void> {
  for (const callback of callbacks) {
    expect(await (await send(host.url, callback)).text()).toBe(`billed ${callback.callUuid}`);
  }
}

function waits(host: WatchedHost, count: number): Promise<void> {
  return vi.waitFor(() => expect(host.tee.status().waiting).toBe(count), 5_000);
}

describe('when Ringside is down', () => {
  it('the host answers, and what waited is delivered when Ringside comes up', async () => {
    const host = await startExpressHost(ringside.url);
    const callbacks = hangups(3);

    await call(host, callbacks);
    await vi.waitFor(() => expect(host.tee.status()).toMatchObject({ waiting: 3, failing: expect.any(String) }));
    await ringside.start();

    await delivered(host.tee, 3);
    expect((await ringside.callsOf(CAMPAIGN))?.sort()).toEqual(uuidsOf(callbacks));
    expect(host.problems.map(({ code }) => code)).toEqual(['delivery-failing']);
    expect(host.tee.status()).toMatchObject({ failing: null, dropped: 0, refused: 0 });
  });

  it('no more waits than may, and the host is told of the oldest', async () => {
    const host = await startExpressHost(ringside.url, { maxItems: 3 });
    const callbacks = hangups(5);

    await call(host, callbacks);
    await waits(host, 3);
    await vi.waitFor(() => expect(host.tee.status().dropped).toBe(2));
    await ringside.start();

    await delivered(host.tee, 3);
    expect((await ringside.callsOf(CAMPAIGN))?.sort()).toEqual(uuidsOf(callbacks.slice(2)));
    expect(host.drops.map(({ reason, callback }) => [reason, callback.body])).toEqual(
      callbacks.slice(0, 2).map(({ body }) => ['queue-full', body]),
    );
  });

  it('a host without a queue file is told what it loses by closing', async () => {
    const host = await startExpressHost(ringside.url);
    const [callback] = hangups(1) as [SignedCallback];
    await call(host, [callback]);
    await waits(host, 1);

    await host.tee.close(50);
    await host.tee.close(50);
    await call(host, hangups(1));

    await vi.waitFor(() => expect(host.drops.map(({ reason }) => reason)).toEqual(['closed', 'closed']));
    expect(host.drops[0]?.callback.body).toBe(callback.body);
  });
});

describe('a queue file', () => {
  it('keeps what waits over a restart of the host, and is empty when all is delivered', async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const queueFile = join(folder, 'tee.ndjson');
    const callbacks = hangups(3);
    const first = await startExpressHost(ringside.url, { queueFile });
    await call(first, callbacks);
    await waits(first, 3);
    await first.tee.close(50);
    expect(first.drops).toEqual([]);

    const second = await startExpressHost(ringside.url, { queueFile });
    await waits(second, 3);
    await ringside.start();

    await delivered(second.tee, 3);
    expect((await ringside.callsOf(CAMPAIGN))?.sort()).toEqual(uuidsOf(callbacks));
    await second.tee.close();
    expect(await readFile(queueFile, 'utf8')).toBe('');
  });

  it('that cannot be used is a problem of its own, and delivery goes on', async () => {
    await ringside.start();
    const folder = await temporaryFolder();
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const host = await startExpressHost(ringside.url, { queueFile: folder });

    await call(host, hangups(1));

    await delivered(host.tee, 1);
    expect(host.problems).toMatchObject([{ code: 'queue-file-failed', message: expect.stringContaining(folder) }]);
  });
});

describe('when Ringside refuses', () => {
  it('a wrong signature, it is told once and not sent again, and others go on', async () => {
    await ringside.start();
    const host = await startExpressHost(ringside.url);
    const forged = hangup({ campaignId: CAMPAIGN, authToken: 'not-the-token' });
    const [genuine] = hangups(1) as [SignedCallback];

    await call(host, [forged, genuine]);

    await delivered(host.tee, 1);
    await vi.waitFor(() => expect(host.refusals).toHaveLength(1));
    expect(host.refusals[0]).toMatchObject({
      status: 403,
      code: 'signature-invalid',
      detail: expect.stringContaining('does not match'),
      callback: { body: forged.body },
    });
    expect(host.tee.status()).toMatchObject({ refused: 1, waiting: 0 });
    expect(await ringside.callsOf(CAMPAIGN)).toEqual([genuine.callUuid]);
  });

  it('the key, the host is told', async () => {
    await ringside.start();
    const host = await startExpressHost(ringside.url, { key: 'no-such-key' });
    await call(host, hangups(1));
    await vi.waitFor(() => expect(host.refusals).toMatchObject([{ status: 401, code: 'unauthenticated' }]));
  });

  it('because it has no Plivo token yet, the callback waits until it has', async () => {
    await ringside.start({ PLIVO_AUTH_TOKEN: '' });
    const host = await startExpressHost(ringside.url);
    const callbacks = hangups(1);
    await call(host, callbacks);
    await vi.waitFor(() => expect(host.tee.status().failing).toContain('plivo-token-missing'));

    await ringside.stop();
    await ringside.start();

    await delivered(host.tee, 1);
    expect(await ringside.callsOf(CAMPAIGN)).toEqual(uuidsOf(callbacks));
  });
});

describe('when something between is slow or in the way', () => {
  it('the host answers while Ringside does not', async () => {
    const silent = await listen(() => {});
    onTestFinished(() => silent.close());
    const host = await startExpressHost(silent.url, { timeoutMs: 200 });

    await call(host, hangups(10));

    await vi.waitFor(() => expect(host.tee.status().failing).toBe('no answer in 200 ms'));
    expect(host.tee.status().waiting).toBe(10);
  });

  it('Retry-After is honoured', async () => {
    const at: number[] = [];
    const recorder = await startRecorder((post) => {
      at.push(performance.now());
      return post === 0 ? { status: 429, headers: { 'retry-after': '2' } } : { status: 200 };
    });
    onTestFinished(() => recorder.close());
    const host = await startExpressHost(recorder.url);

    await call(host, hangups(1));

    await delivered(host.tee, 1);
    // A back-off alone would have been over in a second.
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(1_900);
  });

  it('a redirect is not followed, as the key would go with it', async () => {
    const elsewhere = await startRecorder();
    onTestFinished(() => elsewhere.close());
    const recorder = await startRecorder(() => ({ status: 307, headers: { location: elsewhere.url } }));
    onTestFinished(() => recorder.close());
    const host = await startExpressHost(recorder.url);

    await call(host, hangups(1));

    await vi.waitFor(() => expect(host.problems[0]?.message).toContain('a redirect: set url'));
    expect(elsewhere.posts).toEqual([]);
  });
});
