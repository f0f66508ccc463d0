import fc from 'fast-check';
import type { CampaignDelivery, CampaignFacts, HoldCode } from '../event.ts';

const DAYS = [1, 2, 3, 4, 5, 6, 7];
const dial = {
  callerIds: ['+918035735659'],
  answerMethod: 'POST',
  machineDetection: 'off',
  ringTimeoutSeconds: 45,
} satisfies CampaignFacts['dial'];

/** What is declared of campaigns that Ringside dials; the generated calls lie on a Thursday from 14:00 UTC. */
const declared: fc.Arbitrary<CampaignFacts> = fc.oneof(
  fc.constant<CampaignFacts>({ dial }),
  fc.constantFrom(1, 3).map((concurrency): CampaignFacts => ({ pace: { concurrency } })),
  fc
    .record({
      zone: fc.constantFrom('campaign' as const, 'contact' as const),
      from: fc.constantFrom('09:00', '22:00'),
      to: fc.constantFrom('14:05', '18:00'),
      holidays: fc.subarray(['2025-08-07']),
    })
    .map(({ zone, from, to, holidays }): CampaignFacts => {
      return { windows: { zone, weekly: [{ days: DAYS, from, to }], holidays } };
    }),
  fc.constant<CampaignFacts>({ listZones: { '': 2, 'Asia/Kolkata': 2, 'America/New_York': 1 } }),
  fc.constantFrom(1, 4).map((withdrawn): CampaignFacts => ({ listExcluded: { 'do-not-call': 1, withdrawn } })),
);

const holdCode = fc.constantFrom<HoldCode | null>('out-of-credits', 'account-limit', 'needs-person', null);

/** @param instant when these things are said */
export function dialingDeliveries(instant: fc.Arbitrary<number>): fc.Arbitrary<CampaignDelivery[]> {
  const facts = fc.tuple(instant, declared).map(([at, said]) => factsAt(at, said));
  const hold = fc
    .tuple(instant, holdCode, fc.constantFrom(null, null, 60_000))
    .map(([at, code, lasts]): CampaignDelivery => {
      const until = lasts === null ? null : at + lasts;
      return { ...aboutAt(at, `hold${code}${lasts}`), type: 'hold', code, message: null, until };
    });
  const pause = instant.map((at): CampaignDelivery => {
    return { ...aboutAt(at, 'timed'), type: 'change', change: 'paused', reason: null, actor: null, until: at + 60_000 };
  });
  return fc
    .tuple(
      instant.map((at) => factsAt(at, { dialer: 'built-in', totalCalls: 9 })),
      fc.array(fc.oneof({ weight: 3, arbitrary: facts }, { weight: 3, arbitrary: hold }, pause), {
        minLength: 2,
        maxLength: 9,
      }),
    )
    .map(([first, rest]) => [first, ...rest]);
}

function factsAt(at: number, facts: CampaignFacts): CampaignDelivery {
  return { ...aboutAt(at, JSON.stringify(facts)), type: 'facts', registers: false, facts };
}

function aboutAt(at: number, what: string) {
  return { about: 'campaign', source: 'api', hash: `${what}${at}`, receivedAt: at, at } as const;
}
