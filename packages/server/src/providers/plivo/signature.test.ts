import { seededRandom, signV3 } from '@ringside/sandbox';
import { validateV3Signature } from 'plivo/dist/utils/v3Security.js';
import { describe, expect, it } from 'vitest';
import { callbackOf, checkCallback } from './callback.ts';
import { type Params, parseForm } from './form.ts';
import { verifySignature } from './signature.ts';

const TOKEN = 'Y2Q2ZDgxZmY5YWRiOTI5YmQ1Njg0MTAxZWIyOTc4';
const NONCE = '31627761595286130198';
const U = 'https://plivobin.non-prod.plivops.com/api/v1/validate_signature03.xml';
const CALL = '3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36';
const BODY: Params = {
  Direction: 'outbound',
  From: '19792014278',
  CallStatus: 'in-progress',
  BillRate: '0.002',
  ParentAuthID: 'MANWVLYTK4ZWU1YTY4QA',
  Event: 'StartApp',
  ALegUUID: CALL,
  ALegRequestUUID: CALL,
  CallUUID: CALL,
  RequestUUID: CALL,
  SessionStart: '2020-04-08 11:34:33.238707',
  To: 'sip:PlivoSignature382029104058171078704104@phone-qa.voice.plivodev.com',
  'SIP-H-To': '<sip:PlivoSignature382029104058171078704104@52.9.11.55;transport=udp>;tag=1',
};
const NONE: Params = {};

function accepts(
  method: 'GET' | 'POST',
  url: string,
  body: Params,
  signature: string,
  tokens = [TOKEN],
  nonce = NONCE,
): boolean {
  const [address = '', query = ''] = url.split('?');
  return verifySignature({ method, address, query: parseForm(query), body, nonce, signatures: [signature] }, tokens);
}

describe('signature V3: published vectors', () => {
  const v1 = 'k7Pusd4OxCIjR5IfA9iedDNu/h/gbdYqdzG/MiYtd1c=';
  it.each([
    ['POST with a query', 'POST', `${U}/?a=b&c=d`, BODY, v1],
    ['POST without a query', 'POST', U, BODY, 'iAjE5QqI37mbkYe4w3jTMudqEzbDufdqi7sYwTu64e0='],
    ['the query in another order', 'POST', `${U}/?c=d&a=b`, BODY, v1],
    ['a second signature in the header', 'POST', `${U}/?a=b&c=d`, BODY, `zzz,${v1}`],
  ] as const)('accepts %s', (_what, method, url, body, signature) => {
    expect(accepts(method, url, body, signature)).toBe(true);
  });

  it('accepts GET, whose parameters stand in the URL', () => {
    const query = new URLSearchParams(BODY as Record<string, string>).toString();
    expect(accepts('GET', `${U}/?a=b&c=d&${query}`, NONE, 'UBq8jAtd32wR8EK9VgxbBn4n5rpI/l1H9iN4WfSEHFQ=')).toBe(true);
    expect(accepts('GET', `${U}?${query}`, NONE, 'i/MQsaQSAd6fiKhOh2qeeeLHZ9faldADSb3/7+Akfbc=')).toBe(true);
  });

  it('accepts one of several live tokens', () => {
    expect(accepts('POST', `${U}/?a=b&c=d`, BODY, v1, ['retired', TOKEN])).toBe(true);
  });

  it.each([
    ['a changed parameter', 'POST', `${U}/?a=b&c=d`, { ...BODY, From: '1' }, v1],
    ['another URL', 'POST', `${U}/?a=b&c=e`, BODY, v1],
    ['a truncated signature', 'POST', `${U}/?a=b&c=d`, BODY, v1.slice(0, -1)],
    ['an empty signature', 'POST', `${U}/?a=b&c=d`, BODY, ''],
    ['the other method', 'GET', `${U}/?a=b&c=d`, NONE, v1],
  ] as const)('refuses %s', (_what, method, url, body, signature) => {
    expect(accepts(method, url, body, signature)).toBe(false);
  });

  it('refuses another nonce and another token', () => {
    expect(accepts('POST', `${U}/?a=b&c=d`, BODY, v1, [TOKEN], '1')).toBe(false);
    expect(accepts('POST', `${U}/?a=b&c=d`, BODY, v1, ['other'])).toBe(false);
  });

  it('refuses a body whose blank parameters were dropped', () => {
    const params = { AnswerTime: '', CallUUID: CALL };
    const signature = signV3({ method: 'POST', url: `${U}?campId=1`, params, nonce: NONCE }, TOKEN);
    expect(accepts('POST', `${U}?campId=1`, params, signature)).toBe(true);
    expect(accepts('POST', `${U}?campId=1`, { CallUUID: CALL }, signature)).toBe(false);
  });
});

describe('signature V3 against the vendor’s SDK', () => {
  const random = seededRandom('signature oracle');
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const words = [
    '',
    'a',
    'B',
    'é',
    '日本',
    'x y',
    '+91',
    '91%20',
    '<sip:a@b;t=u>',
    'a=b',
    'a&b',
    '.',
    '?',
    '#',
    '"',
    "'",
    'a&campId=1',
    'To919876543210',
    '\u0000',
    '__proto__',
  ];
  // Not `__proto__`: the SDK loses such a parameter. Ours is checked below.
  const names = ['From', 'To', 'CallUUID', 'campId', 'from', 'a', 'A', 'z-1', 'X-PH-a b', '_', '10', '9'];

  function randomForm(): URLSearchParams {
    const form = new URLSearchParams();
    const count = Math.floor(random() * 7);
    for (let i = 0; i < count; i++) form.append(pick(names), pick(words));
    return form;
  }

  /** Signs like the sandbox where every name occurs once; the SDK's own verdict is what counts. */
  function randomRequest() {
    const method = pick(['GET', 'POST'] as const);
    const query = randomForm().toString();
    const base = pick(['https://a.example', 'http://127.0.0.1:4000', 'https://b.example:8443']);
    const fragment = random() < 0.05 ? `#${pick(words)}` : '';
    const target = `/plivo/hangup-url${query ? `?${query}` : ''}${fragment}`;
    const url = base + target;
    const text = method === 'POST' ? randomForm().toString() : '';
    const body = parseForm(text);
    const token = pick(['t1', TOKEN]);
    const nonce = random() < 0.05 ? pick(['1.2', 'n-1', '12 34', 'é']) : NONCE;
    const params = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
    const right = signV3({ method, url, params, nonce }, token);
    const wrong = signV3({ method, url: `${base}/x${target}`, params, nonce }, token);
    const header = pick([
      right,
      wrong,
      `${wrong},${right}`,
      `${right},`,
      right.slice(1),
      right.toLowerCase(),
      ` ${right}`,
      '',
      ',,',
    ]);
    return { method, base, target, url, text, body, token, nonce, header };
  }

  /** What the SDK says. It compares without trimming; a proxy may add a space after a comma, which proves as much. */
  function oracle({ method, url, nonce, token, header, body }: ReturnType<typeof randomRequest>): boolean {
    const copy = Object.fromEntries(
      Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]),
    );
    return validateV3Signature(method, url, nonce, token, header.trim(), copy);
  }

  /** Everything that is refused although the signature is right. */
  const beyond = [
    'The URL holds a #',
    'The nonce of the signature holds more than letters and digits',
    'is given twice',
    'the body has a name that no field has',
    'is missing, and stands in the text of others',
  ];

  it('agrees on 10,000 random requests, right and wrong, but for what it refuses beyond', () => {
    const verdicts = { accepted: 0, refused: 0 };
    const reasons = new Map(beyond.map((reason) => [reason, 0]));
    for (let i = 0; i < 10_000; i++) {
      const request = randomRequest();
      const { method, base, target, text, token, nonce, header } = request;
      const headers = { 'x-plivo-signature-v3': header, 'x-plivo-signature-v3-nonce': nonce };
      const account = { id: 'a', workspace: 'w', authId: '', tokens: [token], limits: null };
      const accounts = { candidates: () => [account], any: true };
      const context = { publicUrls: [base], accounts, workspace: null, usual: 'w' };
      const check = checkCallback(callbackOf(method, target, headers, text), context);
      const isRight = oracle(request);
      verdicts[isRight ? 'accepted' : 'refused'] += 1;
      if (check.valid === isRight) continue;
      const reason = check.valid ? null : beyond.find((one) => check.reason.includes(one));
      expect(reason, JSON.stringify({ request, check })).toBeDefined();
      expect(isRight).toBe(true);
      reasons.set(reason ?? '', (reasons.get(reason ?? '') ?? 0) + 1);
    }
    expect(verdicts.accepted).toBeGreaterThan(1_000);
    expect(verdicts.refused).toBeGreaterThan(1_000);
    for (const [reason, count] of reasons) expect(count, reason).toBeGreaterThan(0);
  });

  it('signs a parameter called __proto__ like any other', () => {
    const url = 'https://a.example/x?__proto__=1';
    const signature = signV3({ method: 'GET', url, params: {}, nonce: NONCE }, TOKEN);
    expect(accepts('GET', url, NONE, signature)).toBe(true);
    expect(accepts('GET', 'https://a.example/x?__proto__=2', NONE, signature)).toBe(false);
  });
});
