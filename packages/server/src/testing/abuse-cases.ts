import type { seededRandom } from '@ringside/sandbox';
import type { AbuseRoute, AbuseWorld } from './abuse-check.ts';
import { brokenJson, encoded, nastyText, pick, spoiled } from './fuzz-values.ts';
import { bytesOf, RawConnection, type RawRequest } from './raw-connection.ts';

type Random = ReturnType<typeof seededRandom>;

/** Does one thing wrong with one route. @returns the statuses of the answers, or why they are faults */
export type AbuseCase = (world: AbuseWorld, route: AbuseRoute, random: Random) => Promise<number[] | string>;

const ADMIN = { role: 'admin' };
const LATEST_LEEWAY_SECONDS = 25;
const EXPIRED_SECONDS = 120;
/** Connections that are held open at once by those who do not read or do not finish. */
const MOST_HELD = 100;
const FEW = 12;

const held: RawConnection[] = [];

/** Lets go of every connection that is still held. */
export function releaseHeld(): void {
  for (const { socket } of held.splice(0)) socket.destroy();
}

function hold(connection: RawConnection): void {
  held.push(connection);
  if (held.length > MOST_HELD) held.shift()?.socket.destroy();
}

/** Sends one request and reads what comes until the server closes, or a stream shows that it is one. */
async function ask(world: AbuseWorld, route: AbuseRoute, request: RawRequest): Promise<number[]> {
  const connection = new RawConnection(world.base);
  connection.socket.write(bytesOf({ ...request, headers: { connection: 'close', ...request.headers } }));
  if (route.isStream) await connection.until('snapshot');
  else await connection.closed;
  connection.socket.destroy();
  return connection.statuses;
}

const expired: AbuseCase = async (world, route) => {
  const headers = world.login({ ...ADMIN, secondsLeft: -EXPIRED_SECONDS });
  const statuses = await ask(world, { ...route, isStream: false }, world.request(route, headers));
  const isRefused = route.isOpen || statuses.every((status) => status === 401);
  return isRefused ? statuses : `an expired login was answered ${statuses}`;
};

const leeway: AbuseCase = async (world, route, random) => {
  const secondsLeft = -1 - Math.floor(random() * LATEST_LEEWAY_SECONDS);
  const statuses = await ask(world, route, world.request(route, world.login({ ...ADMIN, secondsLeft })));
  const isIn = route.isOpen || !statuses.includes(401);
  return isIn ? statuses : `a login within its leeway was answered ${statuses}`;
};

/** The key goes while a body is on its way, or before the answer is read; a stream must end by itself. */
const revoked: AbuseCase = async (world, route, random) => {
  const key = await world.createKey();
  const right = world.request(route, { authorization: `Bearer ${key.secret}` });
  const request = { ...right, headers: { connection: 'close', ...right.headers } };
  const whole = bytesOf(request);
  const connection = new RawConnection(world.base);
  const isSplit = request.body.length > 1 && random() < 0.5;
  connection.socket.write(isSplit ? whole.subarray(0, whole.length - 1) : whole);
  if (!isSplit) connection.socket.pause();
  await world.revokeKey(key.id);
  if (isSplit) connection.socket.write(whole.subarray(whole.length - 1));
  connection.socket.resume();
  await connection.closed;
  return connection.statuses;
};

const aborted: AbuseCase = async (world, route, random) => {
  const whole = bytesOf(world.request(route, world.anybody(random)));
  const connection = new RawConnection(world.base);
  const isWhole = random() < 0.5;
  connection.socket.write(isWhole ? whole : whole.subarray(0, 1 + Math.floor(random() * whole.length)));
  if (random() < 0.5 && isWhole) await connection.answered;
  if (random() < 0.5) connection.socket.resetAndDestroy();
  else connection.socket.end();
  if (random() < 0.8) connection.socket.destroy();
  else hold(connection);
  return [];
};

/** Behind a stream that never gives the connection back, or before it. */
const pipelined: AbuseCase = async (world, route, random) => {
  const headers = world.anybody(random);
  const stream = bytesOf(world.stream(headers));
  const asked = bytesOf(world.request(route, headers));
  const count = 1 + Math.floor(random() * FEW);
  const ahead = random() < 0.7 ? [stream] : [];
  const connection = new RawConnection(world.base);
  connection.socket.write(Buffer.concat([...ahead, ...Array<Buffer>(count).fill(asked), stream]));
  await connection.answered;
  if (random() < 0.7) connection.socket.destroy();
  else hold(connection);
  return connection.statuses;
};

const unread: AbuseCase = async (world, route, random) => {
  const asked = bytesOf(world.request(route, world.anybody(random)));
  const connection = new RawConnection(world.base);
  connection.socket.pause();
  connection.socket.write(Buffer.concat(Array<Buffer>(1 + Math.floor(random() * FEW)).fill(asked)));
  hold(connection);
  await new Promise((resolve) => setImmediate(resolve));
  return connection.statuses;
};

/** A body that stops in the middle, on whatever method. */
const half: AbuseCase = async (world, route, random) => {
  const { method, path, headers, body } = world.request(route, world.anybody(random));
  const sent = body.subarray(0, Math.floor(body.length / 2));
  const connection = new RawConnection(world.base);
  const length = String(body.length + 1 + Math.floor(random() * 1_000));
  const all = { ...headers, ...(method === 'GET' || method === 'HEAD' ? { 'content-length': length } : {}) };
  connection.socket.write(bytesOf({ method, path, headers: all, body: sent }, Number(length)));
  hold(connection);
  await new Promise((resolve) => setImmediate(resolve));
  return connection.statuses;
};

const garbage: AbuseCase = async (world, route, random) => {
  const right = world.request(route, world.anybody(random));
  const isJson = right.headers['content-type'] === 'application/json';
  const parsed: unknown = isJson ? JSON.parse(String(right.body)) : { a: [1, { b: 'c' }] };
  const bodies = [
    (): Buffer => brokenJson(random, parsed),
    (): Buffer => Buffer.from(JSON.stringify(spoiled(random, parsed)) ?? ''),
    (): Buffer => Buffer.from(`[${'0,'.repeat(Math.floor(random() * 100_000))}0]`),
    (): Buffer => Buffer.from(JSON.stringify(nastyText(random).repeat(Math.floor(random() * 2_000)))),
    (): Buffer => Buffer.from(Array.from({ length: 500 }, () => Math.floor(random() * 256))),
  ];
  const isUpgrade = 'upgrade' in right.headers;
  const hasBody = isUpgrade || (right.method !== 'GET' && right.method !== 'HEAD');
  const query = random() < 0.5 ? '' : `?${encoded(random, nastyText(random))}=${encoded(random, nastyText(random))}`;
  const path = random() < 0.7 ? right.path : `${right.path}/${encoded(random, nastyText(random))}`;
  // A WebSocket that says anything of the kind is closed.
  const isEvent = route.isStream && path === right.path && !isUpgrade;
  const body = hasBody ? pick(random, bodies)() : right.body;
  return ask(world, { ...route, isStream: isEvent }, { ...right, path: path + query, body });
};

export const abuseCases: Readonly<Record<string, AbuseCase>> = {
  expired,
  leeway,
  revoked,
  aborted,
  pipelined,
  unread,
  half,
  garbage,
};
