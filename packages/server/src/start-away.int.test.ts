import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { callbackRequest, callbackUrl, type Form } from '@ringside/sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cli } from './testing/cli.ts';
import { startPostgres, type TestPostgres } from './testing/postgres.ts';
import { AUTH_TOKEN, hangup, KEY, sendCallback, temporaryFolder } from './testing/running-server.ts';
import { type ServerProcess, startAway, startProcess } from './testing/server-process.ts';

const LATER = { timeout: 20_000 };
const ACME = { authId: 'MAACME00000000000000', token: 'acme-auth-token' };

let postgres: TestPostgres;
let url: string;
let folder: ReturnType<typeof temporaryFolder>;
let running: ServerProcess[] = [];
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  url = await postgres.database();
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.child.kill('SIGKILL');
    await one.ended;
  }
  running = [];
  folder.remove();
  postgres.thaw();
});

async function start(how: typeof startProcess | typeof startAway, env: Record<string, string> = {}) {
  const server = await how(folder.path, { DATABASE_URL: url, ...env });
  running.push(server);
  return server;
}

const withKey = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
const ask = (server: ServerProcess, path: string) => fetch(server.url + path, { headers: withKey });
const post = (server: ServerProcess, path: string, body: object, headers: Record<string, string> = withKey) =>
  fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });

const readiness = async (server: ServerProcess) => {
  const answer = await ask(server, '/readyz');
  return { code: answer.status, ...((await answer.json()) as object) };
};
const attempts = async (server: ServerProcess, headers: Record<string, string> = withKey) => {
  const answer = await fetch(`${server.url}/v1/campaigns/c/report`, { headers });
  return answer.ok ? (await answer.json()).progress.attempts : answer.status;
};

/** Sends a hangup to any address, signed with any token, as if Plivo had been given `signedFor`. */
function deliver(server: ServerProcess, form: Form, { token = AUTH_TOKEN, path = '', signedFor = server.url } = {}) {
  const account = { base: signedFor + path, authId: '-', authTokens: [token], method: 'POST' } as const;
  const { headers, body } = callbackRequest(
    account,
    callbackUrl(signedFor + path, 'hangup', 'c'),
    form,
    `${form.CallUUID}`.replaceAll('-', ''),
  );
  return fetch(`${server.url}${path}/plivo/hangup-url?campId=c`, { method: 'POST', headers: { ...headers }, body });
}

describe('a node that starts while PostgreSQL is away', () => {
  it('takes callbacks, believes none of them before it can check it, and goes on by itself', async () => {
    await postgres.kill();
    const server = await start(startAway, { LOG_LEVEL: 'info' });
    expect((await sendCallback(server.url, 'hangup', 'c', hangup('good'))).status).toBe(200);
    expect((await deliver(server, hangup('forged'), { token: 'guessed' })).status).toBe(200);
    const unsigned = await fetch(`${server.url}/plivo/hangup-url?campId=c`, {
      method: 'POST',
      body: new URLSearchParams(hangup('unsigned') as Record<string, string>),
    });
    expect(unsigned.status).toBe(403);
    expect(await readiness(server)).toMatchObject({
      code: 200,
      status: 'ready',
      store: 'away',
      spool: { isAway: true, records: 2, alarm: null, deadLetters: 0 },
    });
    expect(server.log()).toContain('PostgreSQL is away');
    const refused = await ask(server, '/v1/campaigns');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ code: 'storage-unavailable' });
    expect((await post(server, '/v1/events', { events: [] })).status).toBe(503);

    await postgres.restart();
    await expect.poll(() => attempts(server), LATER).toBe(1);
    expect(await readiness(server)).toMatchObject({ store: 'answers', spool: { isAway: false, deadLetters: 1 } });
    expect(await (await ask(server, '/v1/intake')).json()).toMatchObject({
      lastCallbackAt: expect.any(String),
      refused: 2,
      lastRefusal: { reason: expect.stringContaining('signature does not match') },
    });
    await expect.poll(() => server.log()).toContain('spool is drained');
  });

  it('answers a waiting call at once: on to `next`, or with a hangup', async () => {
    postgres.freeze();
    const server = await start(startAway);
    const next = 'https://dialer.example/answer?a=1&b=2';
    const answer = async (path: string) => {
      const account = { base: server.url, authId: '-', authTokens: ['whoever'], method: 'POST' } as const;
      const { headers, body } = callbackRequest(account, server.url + path, { CallUUID: 'x' }, 'n');
      const response = await fetch(server.url + path, { method: 'POST', headers: { ...headers }, body });
      return [response.status, response.headers.get('location'), await response.text()];
    };
    expect(await answer(`/plivo/answer-url?campId=c&next=${encodeURIComponent(next)}`)).toEqual([
      ...[200, null],
      expect.stringContaining('<Redirect>https://dialer.example/answer?a=1&amp;b=2</Redirect>'),
    ]);
    expect(await answer('/plivo/answer-url?campId=c')).toEqual([200, null, expect.stringContaining('<Hangup/>')]);
    postgres.thaw();
    await expect.poll(() => readiness(server), LATER).toMatchObject({ store: 'answers', spool: { deadLetters: 2 } });
  });

  it('finds out later whose callback it was, by accounts that only the store knows', async () => {
    const before = await start(startProcess);
    expect((await post(before, '/v1/workspaces', { id: 'acme' })).status).toBe(201);
    const made = await post(before, '/v1/keys', { name: 'A', role: 'admin', workspace: 'acme' });
    const acme = { ...withKey, authorization: `Bearer ${(await made.json()).key}` };
    expect((await post(before, '/v1/provider-accounts', ACME, acme)).status).toBe(201);
    before.child.kill('SIGTERM');
    await before.ended;
    await postgres.kill();
    const server = await start(startAway);
    const form = hangup('a-1', { authId: ACME.authId });
    expect((await deliver(server, form, { token: ACME.token, path: '/w/acme' })).status).toBe(200);
    await postgres.restart();
    await expect.poll(() => attempts(server, acme), LATER).toBe(1);
    expect(await attempts(server)).toBe(404);
  });

  it('hands over what the process before it had acknowledged when it was killed', async () => {
    const before = await start(startProcess);
    expect((await sendCallback(before.url, 'hangup', 'c', hangup('first'))).status).toBe(200);
    await postgres.kill();
    const sent = Array.from({ length: 20 }, (_, n) => sendCallback(before.url, 'hangup', 'c', hangup(`spooled-${n}`)));
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual(sent.map(() => 200));
    before.child.kill('SIGKILL');
    await before.ended;
    const server = await start(startAway);
    for (let n = 0; n < 5; n += 1)
      expect((await sendCallback(server.url, 'hangup', 'c', hangup(`unverified-${n}`))).status).toBe(200);
    expect(await readiness(server)).toMatchObject({ spool: { records: 25 } });
    const spool = join(folder.path, 'spool');
    expect(statSync(spool).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(spool).filter((one) => one.endsWith('.ndjson')))
      expect(statSync(join(spool, name)).mode & 0o777).toBe(0o600);
    await postgres.restart();
    await expect.poll(() => attempts(server), LATER).toBe(26);
    await expect
      .poll(() => readiness(server))
      .toMatchObject({ spool: { records: 0, bytes: 0, oldestAt: null, deadLetters: 0 } });
  });

  it('ends with one clear line when it turns out that no waiting helps', async () => {
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await postgres.kill();
    const server = await start(startAway, { DATABASE_URL: wrong.href });
    await postgres.restart();
    const { code, stderr } = await server.ended;
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^ringside: cannot open the store .*: it refuses this user or password\n$/),
    ]);
    const again = await start(startProcess, { DATABASE_URL: wrong.href });
    expect(await again.ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/^ringside: [^\n]*password\n$/) });
  });

  it('shares its spool with no other node', async () => {
    await start(startProcess);
    const second = await start(startProcess);
    const { code, stderr } = await second.ended;
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^ringside: cannot open the spool in .*another Ringside/),
    ]);
  });
});

describe('ringside spool', () => {
  const spool = async (...words: string[]) => {
    const run = await cli(['spool', ...words], { RINGSIDE_DATA: folder.path });
    expect(run).toMatchObject({ code: 0 });
    return run;
  };
  const json = async (...words: string[]) => JSON.parse((await spool(...words, '--json')).out);

  it('shows what waits and what could not be applied, and puts it back', async () => {
    const right = 'https://calls.example.com';
    await postgres.kill();
    const misled = await start(startAway, { PUBLIC_URL: 'https://wrong.example.com' });
    const numbered = hangup('numbered', { to: '+919812345678' });
    for (const form of [numbered, hangup('second')])
      expect((await deliver(misled, form, { signedFor: right })).status).toBe(200);
    expect(await json()).toMatchObject({
      isServed: true,
      waiting: { records: 2, by: [{ workspace: null, kind: 'unverified callback', records: 2 }] },
      deadLetters: { count: 0, newestAt: null, reasons: [] },
    });
    expect((await spool()).out).toMatch(
      /^a server has this folder\n2 records in \d+ KB, .*\n(?:.*\n)*no dead letters\n$/,
    );
    await postgres.restart();
    await expect.poll(async () => (await json()).deadLetters.count, LATER).toBe(2);
    const hidden = (await spool('dead-letters', '--json')).out;
    expect(JSON.parse(hidden)).toMatchObject([
      { kind: 'unverified callback', campaignId: 'c', call: 'numbered', why: expect.stringContaining('wrong.example') },
      { call: 'second' },
    ]);
    for (const secret of ['919812345678', '9812345678']) expect(hidden).not.toContain(secret);
    expect(JSON.parse(hidden)[0].what).not.toHaveProperty('callback');
    const whole = (await spool('dead-letters', '--json', '--full')).out;
    expect(JSON.parse(whole)[0].what.callback.signatures).toContainEqual(expect.stringMatching(/^[\w+/]{43}=$/));
    expect(whole).toContain('919812345678');
    expect((await spool('dead-letters')).out).not.toContain('9812345678');

    // Still with the wrong URL: they come back. Then the server is mended.
    expect((await spool('replay')).out).toMatch(/^put back 2 dead letters: the server takes them up within seconds/);
    await expect.poll(async () => (await json()).deadLetters.count, LATER).toBe(2);
    misled.child.kill('SIGTERM');
    await misled.ended;
    expect((await spool('replay', '--dead-letters')).out).toMatch(/^put back 2 .* at its next start/);
    const server = await start(startProcess, { PUBLIC_URL: right });
    await expect.poll(() => attempts(server), LATER).toBe(2);
    expect((await spool()).out).toBe('a server has this folder\nnothing waits\nno dead letters\n');
    expect((await spool('replay')).out).toBe('there are none\n');
  });

  it('throws dead letters away, also beside a server', async () => {
    await postgres.kill();
    const server = await start(startAway);
    for (let n = 0; n < 3; n += 1) await deliver(server, hangup(`forged-${n}`), { token: 'guessed' });
    await postgres.restart();
    await expect.poll(async () => (await json()).deadLetters.count, LATER).toBe(3);
    expect((await spool('discard')).out).toBe('threw away 3 dead letters\n');
    await expect.poll(() => readiness(server), LATER).toMatchObject({ spool: { deadLetters: 0 } });
    expect(await json()).toMatchObject({ waiting: { records: 0 }, deadLetters: { count: 0 } });
  });
});
