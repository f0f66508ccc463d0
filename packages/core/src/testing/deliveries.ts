import { defaultSettings, type LeadRules } from '@ringside/protocol';
import fc from 'fast-check';
import type { Alias, CallDelivery, CallEvent, CampaignDelivery, Delivery, EndWord } from '../event.ts';
import type { Source } from '../register.ts';
import { commandDeliveries } from './command-deliveries.ts';
import { dialingDeliveries } from './dialing-deliveries.ts';

/** Start of every generated campaign. */
export const T0 = Date.UTC(2025, 7, 7, 14);

/** Few instants, so that equal timestamps are common. */
const instant = fc.integer({ min: 0, max: 40 }).map((step) => T0 + step * 7_500);

/** Few calls, numbers and people, so that deliveries meet, in several spellings. */
const aliases: fc.Arbitrary<Alias[]> = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom('request', 'call', 'both', 'external', 'attempt'))
  .map(([n, kind]) => {
    if (kind === 'both')
      return [
        { kind: 'request', id: `req-${n}` },
        { kind: 'call', id: `call-${n}` },
      ] as Alias[];
    if (kind === 'external') return [{ kind: 'external', id: `call-${n}` }];
    if (kind === 'attempt')
      return [
        { kind: 'attempt', id: `att-${n}` },
        { kind: 'request', id: `req-${n}` },
      ] as Alias[];
    return [{ kind: kind as 'request' | 'call', id: `${kind === 'request' ? 'req' : 'call'}-${n}` }];
  });

const number = fc.constantFrom(
  '+919876543210',
  '919876543210',
  '+919876500000',
  '919876500000',
  '+14155550100',
  'sip:a@b',
);
const contactId = fc.constantFrom('ann', 'bob', 'cid');

const endWord: fc.Arbitrary<EndWord | null> = fc.constantFrom(
  'completed',
  'busy',
  'no-answer',
  'failed',
  'timeout',
  null,
);
const code = fc.constantFrom(
  4000,
  4000,
  4010,
  3000,
  3010,
  6010,
  6020,
  7011,
  8011,
  9100,
  2000,
  1010,
  5030,
  4999,
  123,
  null,
);

const ended: fc.Arbitrary<CallEvent> = fc
  .record({
    at: instant,
    status: endWord,
    code,
    duration: fc.constantFrom(0, 3, 130, null),
    source: fc.constantFrom('Callee', 'Carrier', null),
    micros: fc.constantFrom(18420, 0, null),
    retry: fc.constantFrom(null, null, T0 + 900_000),
  })
  .map(({ at, status, code: hangupCode, duration, source, micros, retry }) => ({
    type: 'ended' as const,
    at,
    timing: 'exact' as const,
    end: { status, code: hangupCode, cause: null, source, duration },
    billDuration: null,
    cost: micros === null ? null : { micros, currency: null },
    digits: null,
    recordingUrl: null,
    retryDueAt: retry,
  }));

const lost: CallEvent = {
  type: 'ended',
  at: T0 + 200_000,
  timing: 'exact',
  end: { status: 'lost', code: null, cause: null, source: null, duration: null },
  billDuration: null,
  cost: null,
  digits: null,
  recordingUrl: null,
  retryDueAt: null,
};

type Events = { readonly source: Source; readonly events: CallEvent[] };

/** What one delivery may say; provisional times are filled in with the receipt. */
const said: fc.Arbitrary<Events> = fc.oneof(
  fc.constant<Events>({ source: 'callback', events: [{ type: 'ringing', at: 0, timing: 'receipt' }] }),
  fc.constant<Events>({
    source: 'callback',
    events: [{ type: 'answered', at: 0, timing: 'receipt', answeredBy: null }],
  }),
  fc.tuple(instant, instant, ended).map(
    ([a, b, end]): Events => ({
      source: 'callback',
      events: [
        { type: 'initiated', at: a, timing: 'exact' },
        { type: 'answered', at: b, timing: 'exact', answeredBy: null },
        end,
      ],
    }),
  ),
  fc
    .tuple(instant, ended)
    .map(([a, end]): Events => ({ source: 'callback', events: [{ type: 'initiated', at: a, timing: 'exact' }, end] })),
  fc
    .tuple(fc.constantFrom<Source>('api', 'cdr', 'import'), ended)
    .map(([source, end]): Events => ({ source, events: [end] })),
  fc.constant<Events>({ source: 'sweeper', events: [lost] }),
  fc.tuple(instant, fc.constantFrom('human' as const, 'machine' as const, null)).map(
    ([at, answeredBy]): Events => ({
      source: 'api',
      events: [{ type: 'answered', at, timing: 'exact', answeredBy }],
    }),
  ),
  fc.constant<Events>({ source: 'callback', events: [{ type: 'machine', at: 0, timing: 'receipt' }] }),
  instant.map((at): Events => ({ source: 'callback', events: [{ type: 'machine', at, timing: 'exact' }] })),
  fc
    .tuple(
      instant,
      fc.constantFrom('hot' as const, 'cold' as const),
      fc.constantFrom('bot' as const, 'person' as const),
    )
    .map(
      ([at, status, by]): Events => ({
        source: 'api',
        events: [{ type: 'lead', at, timing: 'exact', lead: { status, score: null, reason: null, summary: null, by } }],
      }),
    ),
  instant.map((at): Events => ({ source: 'api', events: [{ type: 'note', at, timing: 'exact' }] })),
  fc.tuple(instant, fc.constantFrom(T0 + 300_000, T0 + 900_000)).map(
    ([at, dueAt]): Events => ({
      source: 'api',
      events: [{ type: 'retry', at, timing: 'exact', dueAt }],
    }),
  ),
);

const callDelivery: fc.Arbitrary<CallDelivery> = fc
  .record({
    aliases,
    said,
    to: fc.oneof({ weight: 4, arbitrary: number }, { weight: 1, arbitrary: fc.constant(null) }),
    contactId: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: contactId }),
    receivedAt: instant,
  })
  .map(({ aliases: names, said: { source, events }, to, contactId: id, receivedAt }) =>
    received({
      about: 'call',
      hash: '',
      source,
      receivedAt,
      aliases: names,
      to,
      from: null,
      contactId: id,
      attributes: null,
      events,
    }),
  );

/** Rules that differ from step to step; two in three count attempts. */
function rulesAt(step: number): LeadRules {
  const rules = { ...defaultSettings.leadRules, base: 20 + (step % 5) * 15 };
  if (step % 3 === 0) return rules;
  const repeatAttempts = [
    { fromAttempt: 2, points: 15 },
    { fromAttempt: 3, points: step % 3 === 1 ? 40 : -30 },
  ];
  return { ...rules, repeatAttempts };
}

function rulesDelivery(at: number): CampaignDelivery {
  const facts = { leadRules: rulesAt((at - T0) / 7_500) };
  return {
    about: 'campaign',
    type: 'facts',
    hash: `rules${at}`,
    source: 'api',
    receivedAt: at,
    at,
    registers: false,
    facts,
  };
}

const campaignDelivery: fc.Arbitrary<CampaignDelivery> = fc
  .tuple(
    instant,
    fc.constantFrom(
      'started',
      'paused',
      'resumed',
      'completed',
      'cancelled',
      'failed',
      'register',
      'grow',
      'rules' as const,
    ),
  )
  .map(([at, what]): CampaignDelivery => {
    const base = { about: 'campaign' as const, hash: `${what}${at}`, source: 'api' as const, receivedAt: at, at };
    if (what === 'register') {
      return {
        ...base,
        type: 'facts',
        registers: true,
        facts: { name: 'n', totalCalls: 3, retry: { maxAttempts: 2, delaySeconds: 60 } },
      };
    }
    if (what === 'rules') return rulesDelivery(at);
    if (what === 'grow') return { ...base, type: 'facts', registers: false, facts: { totalCalls: 5 + (at % 3) } };
    return { ...base, type: 'change', change: what as 'started', reason: null, actor: null };
  });

/** Somebody who was talked to several times, and rules by which that counts. */
const repeats: fc.Arbitrary<Delivery[]> = fc
  .record({
    starts: fc.array(fc.tuple(instant, fc.integer({ min: 0, max: 6 })), { minLength: 2, maxLength: 4 }),
    to: number,
    step: fc.constantFrom(1, 2, 4, 5),
    rulesFirst: fc.boolean(),
  })
  .map(({ starts, to, step, rulesFirst }) => {
    const calls = starts.map(([at, n]) =>
      received({
        about: 'call',
        hash: '',
        source: 'callback',
        receivedAt: at + 50_000,
        aliases: [{ kind: 'call', id: `call-${n}` }],
        to,
        from: null,
        contactId: null,
        attributes: null,
        events: [
          { type: 'initiated', at, timing: 'exact' },
          { type: 'answered', at: at + 5_000, timing: 'exact', answeredBy: 'human' },
          { ...lost, at: at + 50_000, end: { ...lost.end, status: 'completed', duration: 45 } },
        ],
      }),
    );
    const rules = rulesDelivery(T0 + step * 7_500);
    return rulesFirst ? [rules, ...calls] : [...calls, rules];
  });

/** A campaign's deliveries, in some order, with redeliveries that may have been received at other times. */
export const deliveries: fc.Arbitrary<Delivery[]> = fc
  .array(fc.oneof({ weight: 6, arbitrary: callDelivery }, { weight: 1, arbitrary: campaignDelivery }), {
    minLength: 1,
    maxLength: 30,
  })
  .chain((list) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(list) },
      { weight: 1, arbitrary: repeats.map((more) => [...more, ...list]) },
      { weight: 2, arbitrary: dialingDeliveries(instant).map((more) => [...more, ...list]) },
      { weight: 2, arbitrary: commandDeliveries(T0 + 120_000).map((more) => [...more, ...list]) },
    ),
  )
  .chain((list) =>
    fc
      .array(fc.tuple(fc.nat(list.length - 1), fc.integer({ min: 0, max: 3 })), { maxLength: 6 })
      .map((again) => [...list, ...again.map(([index, later]) => redelivered(list[index] as Delivery, later * 5_000))]),
  );

/** The same content, received later. */
function redelivered(delivery: Delivery, later: number): Delivery {
  return delivery.about === 'call' ? received({ ...delivery, receivedAt: delivery.receivedAt + later }) : delivery;
}

/** Gives provisional events the time of receipt, and the delivery a hash of its content alone. */
function received(delivery: CallDelivery): CallDelivery {
  const isReceipt = (event: CallEvent): boolean => event.timing === 'receipt';
  const content = delivery.events.map((event) => (isReceipt(event) ? { ...event, at: 0 } : event));
  const hash = textHash(JSON.stringify([delivery.aliases, delivery.to, delivery.contactId, delivery.source, content]));
  const events = delivery.events.map((event) => (isReceipt(event) ? { ...event, at: delivery.receivedAt } : event));
  return { ...delivery, hash, events };
}

/** FNV-1a; good enough to tell generated contents apart. */
function textHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(36).padStart(7, '0');
}
