import { callbackRequest, callbackUrl, type Form, seededRandom } from '@ringside/sandbox';
import { brokenJson, encoded, nastyText, pick, spoiled } from './fuzz-values.ts';
import { AUTH_ID, AUTH_TOKEN, hangup, KEY } from './running-server.ts';

type Random = ReturnType<typeof seededRandom>;

/** One request of a fuzz run. `bytes` go onto the connection as they are; the others through an HTTP client. */
export type FuzzRequest =
  | { readonly kind: 'http'; readonly method: string; readonly path: string; headers: Headers; readonly body: Buffer }
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

type Headers = Readonly<Record<string, string>>;

/** A route of the server's own description. */
export interface FuzzRoute {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
}

/** The campaign that some of the requests are right about. */
export const FUZZED = 'fuzzed';
const NOTHING = Buffer.alloc(0);
/** Campaigns of callbacks stay small, so that exports and past reports of them, which are asked for too, stay short. */
const CAMPAIGNS = 400;
const CALLS = 100;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;
const contentTypes = [
  'application/json',
  'application/json; charset=utf-7',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/json, text/html',
  ';;;',
  '',
] as const;

const event = {
  type: 'ended',
  campaignId: FUZZED,
  callId: 'f-1',
  at: '2025-08-07T14:00:00Z',
  to: '+919876543210',
  from: '+918035735659',
  contactId: 'c-1',
  status: 'completed',
  duration: 31,
  billDuration: 60,
  hangupCode: 4000,
  cost: '0.01842',
  currency: 'USD',
  attributes: { city: 'Pune' },
};
const leadRules = { base: 50 };

/** Bodies that are right, or nearly so, by route. */
const bodies: Readonly<Record<string, unknown>> = {
  'POST /v1/events': {
    events: [
      event,
      { ...event, type: 'lead', leadStatus: 'hot', leadScore: 80 },
      { ...event, type: 'campaign', change: 'paused' },
    ],
  },
  'POST /v1/campaigns': {
    id: FUZZED,
    name: 'n',
    totalCalls: 5,
    dialer: 'external',
    retry: { maxAttempts: 2, delaySeconds: 60 },
    timezone: 'Asia/Kolkata',
  },
  'PATCH /v1/campaigns/{id}': { name: 'n', totalCalls: 6, defaultCountry: 'IN', attributes: { a: 1 } },
  'PUT /v1/settings': { leadRules },
  'POST /v1/settings/lead-rules/preview': { leadRules, campaignId: FUZZED },
  'POST /v1/settings/lead-rules/apply': { leadRules },
  'POST /v1/session': { token: 'x' },
  'POST /v1/campaigns/{id}/calls/{callId}/lead': { leadStatus: 'hot', reason: 'r' },
  'POST /v1/providers/plivo/raw': {
    method: 'POST',
    url: 'http://h/plivo/hangup-url?campId=c',
    headers: { a: 'b' },
    body: 'a=b',
  },
  'POST /plivo/current-campaign-report': { campId: FUZZED },
};

const parameters = [
  'limit',
  'cursor',
  'sort',
  'order',
  'outcome',
  'lead',
  'state',
  'from',
  'to',
  'number',
  'cause',
  'minDuration',
  'answeredBy',
  'recent',
  'asOf',
  'at',
  'campId',
  'next',
  'source',
  'topic',
] as const;

/** The n-th request of a run; the same for the same seed. */
export function fuzzRequest(seed: number, n: number, base: string, routes: readonly FuzzRoute[]): FuzzRequest {
  const random = seededRandom('fuzz', seed, n);
  const kind = random();
  if (kind < 0.04) return { kind: 'bytes', bytes: brokenHttp(random) };
  if (kind < 0.3) return callback(random, base, n);
  const route = pick(random, routes);
  const method = random() < 0.9 ? route.method : pick(random, methods);
  const path = pathOf(random, route.path);
  const right = bodies[`${route.method} ${route.path}`];
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return { kind: 'http', method, path, headers: headersOf(random), body: hasBody ? bodyOf(random, right) : NOTHING };
}

/** Signed callbacks that say odd things, and unsigned ones. */
function callback(random: Random, base: string, n: number): FuzzRequest {
  const form: Record<string, string> = { ...hangup(`fz-${n % CALLS}`) };
  for (let i = 0; i < 1 + random() * 3; i += 1) {
    const name = random() < 0.8 ? pick(random, Object.keys(form)) : nastyText(random);
    if (random() < 0.2) delete form[name];
    else form[name] = nastyText(random);
  }
  const kind = pick(random, ['ring', 'answer', 'machine', 'hangup'] as const);
  const method = random() < 0.8 ? 'POST' : 'GET';
  const account = { base, authId: AUTH_ID, authTokens: [AUTH_TOKEN], method } as const;
  const campaign = random() < 0.8 ? `${FUZZED}-${n % CAMPAIGNS}` : nastyText(random).replace(/[\uD800-\uDFFF]/g, '?');
  const { url, headers, body } = callbackRequest(account, callbackUrl(base, kind, campaign), wellFormed(form), `${n}`);
  const path = url.slice(base.length);
  const sent = random() < 0.8 ? headers : { ...FORM, 'x-plivo-signature-v3': encoded(random, nastyText(random)) };
  return { kind: 'http', method, path, headers: { ...sent }, body: method === 'GET' ? NOTHING : Buffer.from(body) };
}

/** The sandbox encodes as Plivo does, which halves of surrogate pairs do not survive. */
function wellFormed(form: Readonly<Record<string, string>>): Form {
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [Buffer.from(name).toString(), Buffer.from(value).toString()]),
  ) as Form;
}

function pathOf(random: Random, template: string): string {
  const path = template.replace(/\{\w+\}/g, (name) => {
    if (random() < 0.5) return name === '{callId}' ? 'f-1' : FUZZED;
    return encoded(random, nastyText(random)) || '-';
  });
  if (random() < 0.03) return `${path}/${encoded(random, nastyText(random))}`;
  if (random() < 0.5) return path;
  const count = 1 + Math.floor(random() * 4);
  const pairs = Array.from({ length: count }, () => {
    const name = random() < 0.9 ? pick(random, parameters) : encoded(random, nastyText(random));
    return `${name}=${encoded(random, nastyText(random))}`;
  });
  return `${path}?${pairs.join('&')}`;
}

function headersOf(random: Random): Headers {
  const key = random() < 0.95 ? `Bearer ${KEY}` : `Bearer ${encoded(random, nastyText(random))}`;
  const odd =
    random() < 0.1
      ? {
          [pick(random, [
            'cookie',
            'if-none-match',
            'origin',
            'x-forwarded-for',
            'accept',
            'idempotency-key',
            'content-encoding',
          ])]: encoded(random, nastyText(random)),
        }
      : {};
  return {
    authorization: key,
    'content-type': random() < 0.9 ? 'application/json' : pick(random, contentTypes),
    ...odd,
  };
}

function bodyOf(random: Random, right: unknown): Buffer {
  const kind = random();
  if (kind < 0.002) return Buffer.alloc(2_200_000, 'x');
  if (kind < 0.3) return brokenJson(random, right ?? event);
  if (kind < 0.35) return NOTHING;
  return Buffer.from(JSON.stringify(kind < 0.45 ? right : spoiled(random, right ?? event)) ?? '');
}

/** What is hardly HTTP any more. */
function brokenHttp(random: Random): Buffer {
  const path = pick(random, ['/v1/events', '/plivo/hangup-url', '/healthz', '/\xff\xfe', '//', 'http://x/', '*', '']);
  const head = pick(random, [
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 99999\r\n\r\n{"a"`,
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n`,
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    `POST ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFF\r\n`,
    `GET ${path} HTTP/1.1\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`,
    `GET ${path} HTTP/9.9\r\n\r\n`,
    `GET ${path} HTTP/1.1\r\n\r\n`,
    `GET ${path} HTTP/1.1\nhost x\r\n\r\n`,
    `GET ${path} HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n`,
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
    '\x16\x03\x01\x02\x00\x01\x00\x01',
    Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256))).toString('latin1'),
  ]);
  return Buffer.from(head, 'latin1');
}
