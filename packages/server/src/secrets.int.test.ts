import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { ApiKeyMade, ProviderAccount, ShareLinkMade } from '@ringside/protocol';
import { callbackRequest, callbackUrl } from '@ringside/sandbox';
import { SignJWT } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { SecretBox } from './access/secret-box.ts';
import { ownerOf } from './providers/accounts.ts';
import { databasePath } from './store/sqlite/database.ts';
import { AUTH_ID, hangup, temporaryFolder, testServer } from './testing/running-server.ts';
import { type ServerProcess, startProcess } from './testing/server-process.ts';

const canary = (name: string): string => `${name}-${randomBytes(24).toString('hex')}`;

/** Everything that must never be seen again once it was given out, by what it is. */
class Secrets {
  readonly #all = new Map<string, string>();

  /** Keeps a secret to be searched for. */
  add(name: string, secret: string): string {
    expect(secret.length, name).toBeGreaterThanOrEqual(24);
    this.#all.set(name, secret);
    return secret;
  }

  get values(): string[] {
    return [...this.#all.values()];
  }

  /** Which of them stand in a text, whole or with their middle: what is cut short counts too. */
  in(text: string): string[] {
    const found = [...this.#all].filter(([, secret]) => text.includes(secret.slice(10, 22)));
    return found.map(([name]) => name);
  }
}

/** A server process and all that it ever answered, but for the answers that are there to show a new secret. */
class Watched {
  readonly answers: string[] = [];
  readonly #url: string;

  constructor({ url }: ServerProcess) {
    this.#url = url;
  }

  async ask(method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Response> {
    const response = await this.#ask(method, path, headers, body);
    const headersShown = [...response.headers].filter(([name]) => name !== 'set-cookie');
    // The path is what we sent, and may hold a secret: it is no part of the answer.
    this.answers.push(`${method}: ${response.status} ${JSON.stringify(headersShown)} ${await response.clone().text()}`);
    return response;
  }

  /** An answer that shows a secret, once. */
  async shown<T>(path: string, headers: Record<string, string>, body: unknown): Promise<T> {
    const response = await this.#ask('POST', path, headers, body);
    expect(response.status, path).toBe(201);
    return (await response.json()) as T;
  }

  /** Signs in. @returns the cookie's value */
  async session(path: string, body: unknown): Promise<string> {
    const response = await this.ask('POST', path, {}, body);
    expect(response.status, path).toBe(204);
    return /=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? '';
  }

  #ask(method: string, path: string, headers: Record<string, string>, body: unknown): Promise<Response> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    return fetch(this.#url + path, {
      method,
      headers: { ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

/** What the operator sets. */
function settings(secrets: Secrets) {
  return {
    RINGSIDE_ADMIN_KEY: secrets.add('admin key', canary('admin')),
    RINGSIDE_SECRET_KEY: secrets.add('secret key', randomBytes(32).toString('hex')),
    JWT_SECRET: secrets.add('JWT secret', canary('jwt')),
    PLIVO_AUTH_TOKEN: ['one', 'two'].map((n) => secrets.add(`configured token ${n}`, canary(n))).join(','),
  };
}

/** Makes every kind of secret and uses it as it is meant to be used. */
async function useAll(server: ServerProcess, watched: Watched, secrets: Secrets, set: ReturnType<typeof settings>) {
  const admin = bearer(set.RINGSIDE_ADMIN_KEY);
  const key = async (name: string, body: object) => {
    const made = await watched.shown<ApiKeyMade>('/v1/keys', admin, { name, ...body });
    secrets.add(name, made.key);
    return made;
  };
  await watched.ask('POST', '/v1/workspaces', admin, { id: 'acme' });
  const viewer = await key('viewer key', { role: 'viewer' });
  const other = await key('key of another workspace', { role: 'admin', workspace: 'acme' });
  const revoked = await key('revoked key', { role: 'operator' });
  await watched.ask('DELETE', `/v1/keys/${revoked.id}`, admin);
  const rotated = await watched.shown<ApiKeyMade>(`/v1/keys/${viewer.id}/rotate`, admin, { graceSeconds: 60 });
  secrets.add('rotated key', rotated.key);

  await callback(server, set.PLIVO_AUTH_TOKEN.split(',')[1] ?? '', AUTH_ID, '/plivo/');
  const token = secrets.add('stored token', canary('stored'));
  const added = await watched.ask('POST', '/v1/provider-accounts', bearer(other.key), {
    authId: 'MASTORED0001',
    token,
  });
  const { id } = (await added.json()) as ProviderAccount;
  const addToken = secrets.add('added token', canary('added'));
  await watched.ask('PATCH', `/v1/provider-accounts/${id}`, bearer(other.key), { addToken });
  for (const signer of [token, addToken]) await callback(server, signer, 'MASTORED0001', '/w/acme/plivo/');

  const jwt = await new SignJWT({ clientId: 'acme', role: 'operator' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('rani')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(set.JWT_SECRET));
  secrets.add('signature of a host login', jwt.split('.')[2] ?? '');
  const signIn = secrets.add('sign-in token', new URL(server.signInUrl).hash.slice('#token='.length));
  const sessions: Record<string, object> = { key: { key: rotated.key }, link: { token: signIn }, login: { jwt } };
  for (const [name, body] of Object.entries(sessions))
    secrets.add(`session by ${name}`, await watched.session('/v1/session', body));

  const links = [{ campaignId: 'c-1' }, {}];
  for (const [n, body] of links.entries()) {
    const link = await watched.shown<ShareLinkMade>('/v1/share-links', admin, body);
    const secret = secrets.add(`secret of share link ${n}`, new URL(link.url).hash.slice(1));
    const cookie = secrets.add(`cookie of share link ${n}`, await watched.session(`/s/${link.id}/session`, { secret }));
    const path = n === 0 ? '/v1/campaigns/c-1/report' : '/v1/overview';
    await watched.ask('GET', `/s/${link.id}${path}`, { cookie: `ringside_share=${cookie}` });
  }
  for (const name of ['used ticket', 'unused ticket']) {
    const { ticket } = await watched.shown<{ ticket: string }>('/v1/live/tickets', admin, undefined);
    secrets.add(name, ticket);
    if (name === 'used ticket') await openLive(server.url, ticket);
  }
  return { admin, jwt };
}

async function callback({ url }: ServerProcess, token: string, authId: string, under: string): Promise<void> {
  const account = { base: url, authId, authTokens: [token], method: 'POST' } as const;
  const target = callbackUrl(url, 'hangup', 'c-1').replace('/plivo/', under);
  const form = { ...hangup(randomBytes(8).toString('hex')), ParentAuthID: authId };
  const signed = callbackRequest(account, target, form, randomBytes(8).toString('hex'));
  const response = await fetch(signed.url, { method: 'POST', headers: { ...signed.headers }, body: signed.body });
  expect(response.status, await response.text()).toBe(200);
}

function openLive(url: string, ticket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live?ticket=${ticket}`);
    socket.on('message', () => socket.terminate());
    socket.on('close', () => resolve());
    socket.on('error', reject);
  });
}

/** Puts every secret where it does not belong, as people and programs do. */
async function misuse(watched: Watched, secrets: Secrets, admin: Record<string, string>): Promise<void> {
  for (const secret of secrets.values) {
    await watched.ask('GET', '/v1/session', bearer(`${secret}x`));
    await watched.ask('GET', '/v1/session', { authorization: secret });
    await watched.ask('GET', '/v1/session', { cookie: `ringside_session=x${secret}` });
    await watched.ask('GET', `/v1/campaigns?key=${secret}`, admin);
    await watched.ask('GET', `/v1/${secret}`, admin);
    await watched.ask('GET', `/v1/campaigns/${secret}/report`, admin);
    await watched.ask('GET', `/v1/campaigns/c-1/calls/${secret}`, admin);
    await watched.ask('DELETE', `/v1/keys/${secret}`, admin);
    await watched.ask('PATCH', `/v1/provider-accounts/${secret}`, admin, { addToken: `${secret}`.repeat(20) });
    await watched.ask('POST', '/v1/session', {}, { key: `${secret}x`, [secret]: secret });
    await watched.ask('POST', '/v1/session', {}, { jwt: `${secret}x` });
    await watched.ask('POST', '/v1/session', {}, `{"key": "${secret}`);
    await watched.ask('POST', '/s/shr_none/session', {}, { secret });
    await watched.ask('POST', '/plivo/ring-url', { 'x-plivo-signature-v3': secret, 'x-plivo-signature-v3-nonce': '1' });
  }
}

const everyRead = [
  ...['session', 'workspaces', 'workspaces/acme', 'keys', 'keys?workspace=acme', 'provider-accounts', 'share-links'],
  ...['settings', 'intake', 'overview', 'campaigns', 'campaigns/c-1', 'campaigns/c-1/report', 'campaigns/c-1/timeline'],
  ...['campaigns/c-1/calls', 'campaigns/c-1/calls.csv', 'campaigns/c-1/contacts.ndjson'],
  ...['audit?limit=500', 'audit.csv', 'audit.ndjson'],
].map((path) => `/v1/${path}`);

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((name) => `${name}: ${readFileSync(join(folder, name)).toString('latin1')}`);
}

it('keeps every secret out of store, log, answers, errors and the audit log', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder();
  const secrets = new Secrets();
  const set = settings(secrets);
  const server = await startProcess(folder.path, { ...set, LOG_LEVEL: 'trace' });
  onTestFinished(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
    folder.remove();
  });
  const watched = new Watched(server);
  const { admin, jwt } = await useAll(server, watched, secrets, set);
  expect(secrets.values.length).toBeGreaterThanOrEqual(20);
  await misuse(watched, secrets, admin);
  for (const reader of [admin, bearer(jwt)]) for (const path of everyRead) await watched.ask('GET', path, reader);
  for (const path of ['/openapi.json', '/docs', '/healthz', '/readyz']) await watched.ask('GET', path);
  const metrics = await watched.ask('GET', '/metrics', admin);
  expect(await metrics.text()).toContain('ringside_callbacks_refused_total{reason="signature-invalid"}');

  const whileRunning = filesIn(folder.path);
  server.child.kill('SIGTERM');
  await server.ended;
  // What was searched is what is meant to be: the log has its refusals, the store its rows.
  expect(server.log()).toContain('"code":"unauthenticated"');
  expect(whileRunning.some((file) => file.startsWith('ringside.db-wal: ') && file.includes('key.created'))).toBe(true);
  expect(watched.answers.filter((answer) => answer.includes(': 500 '))).toEqual([]);

  const leaks = [...watched.answers, ...whileRunning, ...filesIn(folder.path), server.log()].flatMap((text) =>
    secrets.in(text).map((name) => `${name} in ${text.slice(0, 300)}`),
  );
  expect(leaks).toEqual([]);
});

it('opens a provider token with its own key and for its own account only', async () => {
  const folder = temporaryFolder();
  const env = { RINGSIDE_DATA: folder.path, RINGSIDE_SECRET_KEY: randomBytes(32).toString('base64') };
  const box = new SecretBox(Buffer.from(env.RINGSIDE_SECRET_KEY, 'base64'));
  const tokens = [canary('first'), canary('second')];
  const ids: string[] = [];
  const first = await testServer(env);
  for (const [n, token] of tokens.entries()) {
    const added = await first.send('POST', '/v1/provider-accounts', { authId: `MASEALED000${n}`, token });
    ids.push(((await added.json()) as ProviderAccount).id);
  }
  await first.stop();

  const db = new DatabaseSync(databasePath(folder.path));
  const rows = db.prepare('SELECT id, tokens FROM provider_accounts').all() as { id: string; tokens: string }[];
  const sealed = ids.map((id) => JSON.parse(rows.find((row) => row.id === id)?.tokens ?? '')[0].sealed as string);
  const owners = ids.map((id) => ownerOf({ workspace: 'default', id }));
  expect(sealed.map((text, n) => box.open(text, owners[n] ?? ''))).toEqual(tokens);
  const stranger = new SecretBox(randomBytes(32));
  expect(() => stranger.open(sealed[0] ?? '', owners[0] ?? '')).toThrow('sealed with another RINGSIDE_SECRET_KEY');
  expect(() => box.open(sealed[0] ?? '', owners[1] ?? '')).toThrow('sealed with another RINGSIDE_SECRET_KEY');
  const statusOf = async (n: number) => {
    const server = await testServer(env);
    const account = {
      base: server.url,
      authId: `MASEALED000${n}`,
      authTokens: [tokens[0] ?? ''],
      method: 'POST',
    } as const;
    const form = { ...hangup('call-1'), ParentAuthID: account.authId };
    const { url, headers, body } = callbackRequest(account, callbackUrl(server.url, 'hangup', 'c-1'), form, `${n}`);
    const { status } = await fetch(url, { method: 'POST', headers: { ...headers }, body });
    await server.stop();
    return status;
  };
  expect(await statusOf(0)).toBe(200);
  // Who can write the store but has no key cannot make another account believe a token that they know.
  const moved = rows.find(({ id }) => id === ids[0])?.tokens ?? '';
  db.prepare('UPDATE provider_accounts SET tokens = ? WHERE id = ?').run(moved, ids[1] ?? '');
  db.close();
  expect(await statusOf(1)).not.toBe(200);
  expect(existsSync(join(folder.path, 'secret.key'))).toBe(false);
  folder.remove();
});
