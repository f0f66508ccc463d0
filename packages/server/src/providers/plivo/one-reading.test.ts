import { hangupForm, machineForm, ringForm, seededRandom, signV3, startAppForm } from '@ringside/sandbox';
import { describe, expect, it } from 'vitest';
import { callbackOf, checkCallback } from './callback.ts';
import { Fields } from './fields.ts';
import type { Params } from './form.ts';
import { normalisePlivo, type PlivoMeaning } from './normalise.ts';
import { otherReading } from './one-reading.ts';
import { signedText } from './signature.ts';

type Pair = readonly [name: string, value: string];

/** A request by its decoded, sorted pairs. */
interface Cut {
  readonly method: 'GET' | 'POST';
  readonly query: readonly Pair[];
  readonly body: readonly Pair[];
}

const TOKEN = 'token';
const NONCE = '31627761595286130198';
const BASE = 'https://calls.example.com';
const PATH = '/plivo/hangup-url';
const T0 = Date.parse('2025-08-07T10:00:00Z');
const random = seededRandom('boundaries');
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
const hex = (length: number): string => Array.from({ length }, () => pick([...'0123456789abcdef'])).join('');
const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join('-');

const byName = ([a]: Pair, [b]: Pair): number => (a < b ? -1 : a > b ? 1 : 0);
const isSorted = (pairs: readonly Pair[]): boolean =>
  pairs.every(([name, value], at) => {
    const [before, its] = pairs[at - 1] ?? ['', ''];
    return before < name || (before === name && its <= value);
  });
const paramsOf = (pairs: readonly Pair[]): Params => {
  const params: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const known = params[name];
    params[name] = known === undefined ? value : [known, value].flat();
  }
  return params;
};
const queryText = (pairs: readonly Pair[]): string => pairs.map((pair) => pair.join('=')).join('&');
const bodyText = (pairs: readonly Pair[]): string => pairs.map((pair) => pair.join('')).join('');

/** What the provider sends, with what it may send one day: its names begin with a capital. */
function randomForm(): Pair[] {
  const id = random() < 0.9 ? uuid() : `x-${hex(6)}`;
  const call = {
    authId: 'MANWVLYTK4ZWU1YTY4QA',
    callUuid: id,
    requestUuid: random() < 0.8 ? id : uuid(),
    from: '+918035735659',
    to: random() < 0.85 ? '+919876543210' : pick(['sip:Alice42@phone.plivo.com', 'sip:zoe@host.example']),
    sessionStart: T0 + random() * 1e6,
    billRate: '0.005',
  };
  const times = { startedAt: T0, endedAt: T0 + 66_000, zone: 'Asia/Kolkata' };
  const end = pick([
    { ...times, answeredAt: T0 + 5_000, code: 4000 },
    { ...times, answeredAt: null, code: 3010 },
  ] as const);
  const forms = [() => ringForm(call), () => startAppForm(call), () => machineForm(call, 'continue')];
  const form = pick([...forms, () => hangupForm(call, end), () => hangupForm(call, end)])();
  const more: Pair[] = [
    ['ToCountry', 'IN'],
    ['CallerName', pick(['ACME', 'Acme Inc.', 'To be', 'x'])],
    ['SIP-H-To', '<sip:PlivoSignature38@52.9.11.55;transport=udp>;tag=1'],
    ['X-PH-Ref', pick(['a=b&c', '30', 'Duration 5'])],
    ['AccountTier', 'gold.x'],
    ['HangupNote', 'later'],
    ['Digits', pick(['1', '12#'])],
    ['HangupSource', pick(['API Request', 'Answer XML', 'Network Of X'])],
  ];
  return Object.entries({ ...form, ...Object.fromEntries(more.filter(() => random() < 0.2)) }).sort(byName);
}

function randomRequest(): Cut {
  const own: Pair[] = [
    ['attemptId', pick(['at-9', uuid()])],
    ['contactId', pick(['7', 'crm.8=='])],
    ['next', 'https://host.example/a?id=1&campId=9'],
    ['tenant', 'x'],
    ['flow', 'y.z'],
  ];
  const campaign: Pair[] = random() < 0.9 ? [['campId', pick(['c-1', 'c.42', 'Q3.Launch'])]] : [];
  const query: Pair[] = [...campaign, ...own.filter(() => random() < 0.4)];
  const form = randomForm();
  if (random() < 0.2) return { method: 'GET', query: [...query, ...form].sort(byName), body: [] };
  return { method: 'POST', query: query.sort(byName), body: form };
}

/** Every boundary between two fields, moved by some letters or taken away. What was signed stays the same text. */
function* shifted({ method, query, body }: Cut): Generator<Cut> {
  const some = (length: number): number => 1 + Math.floor(random() * length);
  for (const [at, [name, value]] of body.entries()) {
    const instead = (count: number, ...pairs: readonly Pair[]): Cut => ({
      method,
      query,
      body: [...body.slice(0, at), ...pairs, ...body.slice(at + count)],
    });
    const into = some(value.length);
    const from = some(name.length);
    const ways = [
      instead(1, [name + value.slice(0, into), value.slice(into)]),
      instead(1, [name.slice(0, -from), name.slice(-from) + value]),
      instead(1, [name, value.slice(0, into - 1)], [value.slice(into - 1), '']),
    ];
    const [after, its] = body[at + 1] ?? ['', ''];
    if (after !== '') {
      const cut = some(after.length);
      const count = some(body.length - at);
      ways.push(instead(2, [name, value + after.slice(0, cut)], [after.slice(cut), its]));
      ways.push(instead(2, [name, value.slice(0, -into)], [value.slice(-into) + after, its]));
      ways.push(instead(2, [name, value + after + its]));
      ways.push(instead(count, [name, bodyText(body.slice(at, at + count)).slice(name.length)]));
    }
    const possible = ways.filter((way) => isSorted(way.body));
    if (possible.length > 0) yield pick(possible);
  }
  yield* shiftedQueries({ method, query, body });
}

function* shiftedQueries({ method, query, body }: Cut): Generator<Cut> {
  const text = queryText(query);
  for (const [at, [name, value]] of query.entries()) {
    const instead = (count: number, ...pairs: readonly Pair[]): Cut => ({
      method,
      query: [...query.slice(0, at), ...pairs, ...query.slice(at + count)],
      body,
    });
    const next = query[at + 1];
    if (next) yield instead(2, [name, `${value}&${next.join('=')}`]);
    if (next) yield instead(2, [`${name}=${value}&${next[0]}`, next[1]]);
    const [head = '', ...tail] = value.split('&');
    const [own = '', ...rest] = tail.join('&').split('=');
    if (rest.length > 0) yield instead(1, [name, head], [own, rest.join('=')]);
  }
  const last = query.at(-1);
  if (method === 'GET') {
    for (const [at, letter] of [...text].entries()) {
      if (letter !== '.') continue;
      const [was = '', now] = [text.slice(0, at), text.slice(at + 1)];
      const pairs = was.split('&').map((pair): Pair => [pair.split('=')[0] ?? '', pair.split('=').slice(1).join('=')]);
      const cut = Math.floor(random() * (now.length + 1));
      yield { method: 'POST', query: pairs, body: [[now.slice(0, cut), now.slice(cut)]] };
    }
  } else if (last) {
    const swallow = (more: string): Pair[] => [...query.slice(0, -1), [last[0], `${last[1]}.${more}`]];
    yield { method: 'GET', query: swallow(bodyText(body)), body: [] };
    for (const [at, [name, value]] of body.entries()) {
      const stop = value.indexOf('.');
      if (stop < 0) continue;
      const taken = swallow(bodyText(body.slice(0, at)) + name + value.slice(0, stop));
      const [after = '', its = ''] = body[at + 1] ?? [];
      const rest = value.slice(stop + 1);
      yield { method, query: taken, body: [[rest + after, its], ...body.slice(at + 2)] };
      yield { method, query: taken, body: rest === '' ? body.slice(at + 1) : [[rest, ''], ...body.slice(at + 1)] };
    }
  }
}

const textOf = ({ method, query, body }: Cut): string =>
  signedText({ method, address: BASE + PATH, query: paramsOf(query), body: paramsOf(body), nonce: NONCE });

/** Everything that a report takes from a callback, by what it is; times of the receipt are not from it. */
function statementsOf(meaning: PlivoMeaning): Map<string, unknown> {
  if (meaning.kind === 'aside') return new Map();
  const { campaignId, delivery } = meaning;
  const { to, from, contactId, aliases, events } = delivery;
  const all: [string, unknown][] = [
    ...Object.entries({ campaignId, to, from, contactId }),
    ...aliases.map(({ kind, id }): [string, unknown] => [kind, id]),
  ];
  for (const { type, at, timing, ...more } of events) {
    all.push([type, true], [`${type} ${timing}`, timing === 'receipt' ? null : at]);
    for (const [name, value] of Object.entries({ ...more, ...('end' in more ? more.end : {}) }))
      if (typeof value !== 'object') all.push([`${type} ${name}`, value]);
    if ('cost' in more) all.push(['cost', more.cost?.micros ?? null]);
  }
  return new Map(all.filter(([, value]) => value !== null));
}

const fieldsOf = ({ query, body }: Cut): Fields => new Fields(paramsOf(query), paramsOf(body));

function read(cut: Cut): PlivoMeaning {
  return normalisePlivo(fieldsOf(cut), { receivedAt: T0 + 100_000, timeZone: 'UTC' });
}

describe('what is read is what was signed', () => {
  it('wherever the boundaries of 10,000 signed requests are moved', { timeout: 120_000 }, () => {
    const counts = { shifted: 0, refused: 0, unread: 0 };
    for (let n = 0; n < 10_000; n++) {
      const request = randomRequest();
      expect(otherReading(fieldsOf(request)), textOf(request)).toBeNull();
      const signed = statementsOf(read(request));
      for (const forged of shifted(request)) {
        if (!isSorted(forged.query) || !isSorted(forged.body)) continue;
        if (n % 50 === 0) expect(textOf(forged)).toBe(textOf(request));
        counts.shifted += 1;
        if (otherReading(fieldsOf(forged)) !== null) {
          counts.refused += 1;
          continue;
        }
        const statements = statementsOf(read(forged));
        for (const [what, value] of statements)
          if (signed.get(what) !== value) expect({ request, forged, what, value }).toBe(signed.get(what));
        if (statements.size < signed.size) counts.unread += 1;
      }
    }
    console.log(counts);
    expect(counts.shifted).toBeGreaterThan(150_000);
    expect(counts.refused / counts.shifted).toBeGreaterThan(0.7);
  });

  const form = hangupForm(
    {
      authId: 'MA',
      callUuid: 'c',
      requestUuid: 'c',
      from: '+918035735659',
      to: '+919876543210',
      sessionStart: T0,
      billRate: '0.005',
    },
    { startedAt: T0, answeredAt: T0 + 1_000, endedAt: T0 + 9_000, code: 4000, zone: 'UTC' },
  );

  /** Sends another request with the signature of one. */
  function forge(changes: { target?: string; body?: Params; nonce?: string }) {
    const target = `${PATH}?campId=c-1&contactId=7`;
    const signature = signV3({ method: 'POST', url: BASE + target, params: form, nonce: '12345' }, TOKEN);
    const account = { id: 'a', workspace: 'w', authId: 'MA', tokens: [TOKEN], limits: null };
    const body = new URLSearchParams((changes.body ?? form) as Record<string, string>).toString();
    const headers = { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': changes.nonce ?? '12345' };
    const callback = callbackOf('POST', changes.target ?? target, headers, body);
    const accounts = { candidates: () => [account], any: true };
    return checkCallback(callback, { publicUrls: [BASE], accounts, workspace: null, usual: 'w' });
  }

  const { TotalCost = '', ToCountry: _none, ...others } = { ToCountry: '', ...form };
  const query = `${PATH}?campId=c-1&contactId=7`;
  it.each([
    ['text behind a # in the target', { target: `${query}#&campId=c-2` }, 'validation-failed'],
    ['a # before the query', { target: `${PATH}#?campId=c-2` }, 'validation-failed'],
    [
      'the tail of the body in the nonce',
      { body: { ...others, TotalCost: '0' }, nonce: '00500.12345' },
      'signature-invalid',
    ],
    ['a part of a value in a name', { body: { ...others, TotalCost0: TotalCost.slice(1) } }, 'signature-invalid'],
    ['a part of a name in a value', { body: { ...others, TotalC: `ost${TotalCost}` } }, 'signature-invalid'],
    ['a parameter inside another', { target: `${PATH}?campId=c-1%26contactId%3D7` }, 'signature-invalid'],
  ] as const)('refuses %s', (_what, changes, code) => {
    expect(forge({})).toMatchObject({ valid: true });
    expect(forge(changes)).toMatchObject({ valid: false, code });
  });

  it('refuses a field that is given twice, and takes one that it does not know', () => {
    expect(otherReading(new Fields({}, { ...form, To: ['1', '2'] }))).toBe('the field To is given twice');
    expect(otherReading(new Fields({ campId: ['a', 'b'] }, form))).toBe('the field campId is given twice');
    expect(otherReading(new Fields({ campId: 'c' }, { ...form, ToCountry: 'IN' }))).toBeNull();
  });

  it('keeps a known field of an unexpected form as text, and does not read it', () => {
    const odd = { ...form, TotalCost: 'free', AnswerTime: 'soon', HangupCauseCode: 'none' };
    expect(otherReading(new Fields({ campId: 'c' }, odd))).toBeNull();
    const meaning = normalisePlivo(new Fields({ campId: 'c' }, odd), { receivedAt: T0 + 100_000, timeZone: 'UTC' });
    expect(statementsOf(meaning).has('cost')).toBe(false);
    expect(statementsOf(meaning).get('request')).toBe('c');
  });

  it('says no body to a GET, which is not signed', () => {
    expect(callbackOf('GET', `${PATH}?campId=c`, {}, 'TotalCost=0').body).toBe('');
  });
});
