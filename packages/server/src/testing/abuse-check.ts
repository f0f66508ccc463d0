import { createHmac } from 'node:crypto';
import { seededRandom } from '@ringside/sandbox';
import { type AbuseCase, abuseCases, releaseHeld } from './abuse-cases.ts';
import { pick } from './fuzz-values.ts';
import { createOwned, type OpenLink, openLink, type Send } from './owned.ts';
import type { RawRequest } from './raw-connection.ts';
import { fill, type Owned, openSamples, type RouteSample, routeSamples } from './route-samples.ts';
import { KEY } from './running-server.ts';

export const JWT_SECRET = 'a-secret-of-the-host-application-32+';
/** The campaign that everybody looks at while it changes. */
export const WATCHED = 'watched';
const WORKERS = 16;
const MOST_FAULTS = 10;
/** Kinds that differ from a right request only in who asks. */
const BY_ACCESS: ReadonlySet<string> = new Set(['expired', 'leeway', 'revoked']);
/** Longer than the server lets any request take. */
const PATIENCE_MS = 60_000;

/** A route of the server's table. */
export interface AbuseRoute {
  /** Method and pattern. */
  readonly name: string;
  /** Nobody needs a key for it. */
  readonly isOpen: boolean;
  /** Its answer ends when somebody leaves. */
  readonly isStream: boolean;
}

/** Stands beside the table, which has no WebSockets. */
const WEBSOCKET = 'GET /v1/live';

export type AnyRandom = ReturnType<typeof seededRandom>;

/** The server under test, and who may ask it for what. */
export interface AbuseWorld {
  readonly base: string;
  /** The request that opens a stream of the watched campaign. */
  stream(headers: Readonly<Record<string, string>>): RawRequest;
  /** The right request to a route, by whoever the headers name. */
  request(route: AbuseRoute, headers: Readonly<Record<string, string>>): RawRequest;
  login(claims: { readonly role: string; readonly secondsLeft: number }): Record<string, string>;
  /** An admin, a viewer, somebody with a share link, or nobody. */
  anybody(random: AnyRandom): Record<string, string>;
  createKey(): Promise<{ readonly id: string; readonly secret: string }>;
  revokeKey(id: string): Promise<void>;
}

/** What came of the cases of one route. */
export interface RouteResult {
  readonly route: string;
  readonly cases: number;
  readonly statuses: ReadonlyMap<number, number>;
  /** The longest that the server's event loop stood still, seconds. */
  readonly longestStop: number;
}

export interface AbuseResult {
  readonly routes: readonly RouteResult[];
  /** The first few, each with its route, kind and number. */
  readonly faults: readonly string[];
}

export interface AbuseRun {
  readonly base: string;
  readonly seed: number;
  /** Every kind of abuse of every route is tried so many times. */
  readonly rounds: number;
  /** Of the server's own table. */
  readonly routes: readonly { readonly method: string; readonly url: string; readonly access: string | undefined }[];
}

/** Tries every kind of abuse on every route of a running server. @throws for a route that has no sample */
export async function abuse({ base, seed, rounds, routes }: AbuseRun): Promise<AbuseResult> {
  const world = await worldOf(base);
  const faults: string[] = [];
  const results: RouteResult[] = [];
  await longestStop(base);
  for (const route of routesOf(routes)) {
    const statuses = new Map<number, number>();
    const kinds = Object.entries(abuseCases).filter(([kind]) => !route.isOpen || !BY_ACCESS.has(kind));
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let n = next++; n < rounds * kinds.length; n = next++) {
        const [kind, run] = kinds[n % kinds.length] ?? ['', async () => []];
        const came = await within(run, world, route, seededRandom('abuse', seed, n));
        const fault = typeof came === 'string' ? came : came.find((status) => status >= 500)?.toString();
        if (fault && faults.length < MOST_FAULTS) faults.push(`${route.name}, ${kind} ${n}: ${fault}`);
        if (typeof came !== 'string') for (const one of came) statuses.set(one, (statuses.get(one) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
    const stop = await longestStop(base).catch(() => null);
    if (stop === null) return { routes: results, faults: [...faults, `${route.name}: the server is gone`] };
    results.push({ route: route.name, cases: rounds * kinds.length, statuses, longestStop: stop });
  }
  releaseHeld();
  return { routes: results, faults };
}

async function within(run: AbuseCase, ...about: Parameters<AbuseCase>): Promise<number[] | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('it did not end'), PATIENCE_MS);
  });
  const came = run(...about).catch((error: Error) => `it failed: ${error.message}`);
  return Promise.race([came, late]).finally(() => clearTimeout(timer));
}

function routesOf(table: AbuseRun['routes']): AbuseRoute[] {
  const routes = table.map(({ method, url, access }) => {
    const name = `${method} ${url}`;
    sampleOf(name);
    const isOpen = access === 'public' || access === 'signed';
    return { name, isOpen, isStream: method === 'GET' && url.endsWith('/live') };
  });
  return [...routes, { name: WEBSOCKET, isOpen: false, isStream: true }];
}

/** The sample of a route; a HEAD is asked for as the GET that it belongs to. */
function sampleOf(name: string): RouteSample {
  if (name === WEBSOCKET) return {};
  const sample = { ...routeSamples, ...openSamples }[name.replace(/^HEAD /, 'GET ')];
  if (!sample) throw new Error(`${name} has no sample in route-samples.ts: add one`);
  return sample;
}

/** Since it was last asked. */
async function longestStop(base: string): Promise<number> {
  const text = await (await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })).text();
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1] ?? 0);
}

async function worldOf(base: string): Promise<AbuseWorld> {
  const admin = { authorization: `Bearer ${KEY}` };
  const send: Send = (method, path, body) => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    return fetch(base + path, { method, headers: { ...admin, 'content-type': 'application/json' }, ...text });
  };
  const owned = await createOwned(send, 'default', WATCHED);
  const link = await openLink(base, send, WATCHED);
  const createKey: AbuseWorld['createKey'] = async () => {
    const made = await send('POST', '/v1/keys', { name: 'Abuse', role: 'admin' });
    const { id, key } = (await made.json()) as { id: string; key: string };
    return { id, secret: key };
  };
  const viewer = await send('POST', '/v1/keys', { name: 'Viewer', role: 'viewer' });
  const { key } = (await viewer.json()) as { key: string };
  const people = [admin, admin, { authorization: `Bearer ${key}` }, shareHeaders(link), {}];
  return {
    base,
    stream: (headers) => requestOf('GET /v1/campaigns/:id/live', {}, owned, headers),
    request: ({ name }, headers) => requestOf(name, sampleOf(name), owned, headers),
    login: ({ role, secondsLeft }) => createLogin(role, secondsLeft),
    anybody: (random) => pick(random, people),
    createKey,
    revokeKey: async (id) => void (await send('DELETE', `/v1/keys/${id}`, undefined)),
  };
}

const LINK_PATH = 'x-test-link';

function shareHeaders({ cookie, path }: OpenLink): Record<string, string> {
  return { cookie, [LINK_PATH]: path };
}

/** The right request to a route; with a share link's cookie it goes by the link's own path. */
function requestOf(
  name: string,
  sample: RouteSample,
  owned: Owned,
  headers: Readonly<Record<string, string>>,
): RawRequest {
  if (name === WEBSOCKET) return upgrade(headers);
  const [method = ''] = name.split(' ', 1);
  const { path, body } = fill(name, sample, owned);
  const prefix = path.startsWith('/v1/') ? (headers[LINK_PATH] ?? '') : '';
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return { method, path: prefix + path, headers: { ...type, ...headers }, body: Buffer.from(body ?? '') };
}

/** An upgrade, and behind it what a client says once it is open. */
function upgrade({ [LINK_PATH]: prefix = '', ...headers }: Readonly<Record<string, string>>): RawRequest {
  const handshake = {
    ...{ connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const said = [{ campaignId: WATCHED }, { overview: true }, { campaignId: 'nothing' }, { campaignId: WATCHED }];
  const body = Buffer.concat(said.map((what) => frameOf(JSON.stringify({ type: 'subscribe', ...what }))));
  return { method: 'GET', path: `${prefix}/v1/live`, headers: { ...headers, ...handshake }, body };
}

/** A text frame of a client, masked by zeros. */
function frameOf(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

/** The header of a login of the host application that runs out in so many seconds. */
export function createLogin(role: string, secondsLeft: number): { authorization: string } {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + secondsLeft;
  const signed = `${part({ alg: 'HS256' })}.${part({ clientId: 'default', sub: 'abuse', role, exp })}`;
  const signature = createHmac('sha256', JWT_SECRET).update(signed).digest('base64url');
  return { authorization: `Bearer ${signed}.${signature}` };
}
