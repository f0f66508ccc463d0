import type { CallingWindows } from '@ringside/protocol';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../call-facts.ts';
import { attemptOf, contactOf } from '../contact.ts';
import type { CallDelivery, CampaignDelivery, CampaignFacts } from '../event.ts';
import { MemoryCampaign } from '../memory-campaign.ts';
import { forecast } from './forecast.ts';
import { type ForecastRows, forecastInput } from './input.ts';
import { type CallAtContact, liveCall, sampleCall } from './sample.ts';

const START = Date.UTC(2025, 7, 7, 9);
const MINUTE = 60_000;

function says(at: number, what: { facts: CampaignFacts } | { change: 'paused' | 'resumed' }): CampaignDelivery {
  const base = { about: 'campaign' as const, hash: JSON.stringify(what), source: 'api' as const, receivedAt: at, at };
  if ('facts' in what) return { ...base, type: 'facts', registers: true, facts: what.facts };
  return { ...base, type: 'change', change: what.change, reason: null, actor: null };
}

interface Told {
  readonly contact: string;
  readonly from: number;
  /** `null`: live. */
  readonly to: number | null;
  readonly reached?: boolean;
  readonly dueAt?: number;
}

function call({ contact, from, to, reached = false, dueAt }: Told): CallDelivery {
  const id = `${contact}@${from}`;
  const end = { status: reached ? 'completed' : 'no-answer', code: null, cause: null, source: null } as const;
  return {
    about: 'call',
    hash: `${id}${to}`,
    source: 'callback',
    receivedAt: to ?? from,
    aliases: [{ kind: 'call', id }],
    to: null,
    from: null,
    contactId: contact,
    attributes: null,
    events: [
      { type: 'initiated', at: START + from, timing: 'exact' },
      ...(to === null
        ? []
        : [
            {
              type: 'ended' as const,
              at: START + to,
              timing: 'exact' as const,
              end: { ...end, duration: reached ? 20 : 0 },
              billDuration: null,
              cost: null,
              digits: null,
              recordingUrl: null,
              retryDueAt: dueAt === undefined ? null : START + dueAt,
            },
          ]),
    ],
  };
}

function campaignOf(facts: CampaignFacts, calls: readonly Told[]): MemoryCampaign {
  const campaign = new MemoryCampaign();
  campaign.apply([says(START, { facts: { startedAt: START, ...facts } }), ...calls.map(call)]);
  return campaign;
}

/** What a store would read, with the contacts put together from their calls. */
function rowsOf(campaign: MemoryCampaign): ForecastRows {
  const rows = [...campaign.calls.values()];
  const at = rows.map((row): CallAtContact => {
    const own = rows.filter(({ contact }) => contact === row.contact);
    const attempts = own.map((one) => attemptOf(one.row, one.call, null));
    return { row, contact: contactOf(row.contact ?? '', attempts) };
  });
  const endOf = ({ row }: CallAtContact): number | null => factsOf(row.call).endedAt;
  return {
    sample: at
      .sort((a, b) => (endOf(b) ?? 0) - (endOf(a) ?? 0))
      .map(sampleCall)
      .filter((call) => call !== null),
    live: at.map(liveCall).filter((call) => call !== null),
  };
}

const ann = { contact: 'ann', from: 0, to: 30_000 };
const annAgain = { contact: 'ann', from: 10 * MINUTE, to: 10 * MINUTE + 25_000 };
const bob = { contact: 'bob', from: 5_000, to: 65_000, reached: true };
const eve = { contact: 'eve', from: 6_000, to: 40_000 };
const cid = { contact: 'cid', from: 9 * MINUTE, to: null };

const hours = (from: string, to: string): CallingWindows => ({
  zone: 'campaign',
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from, to }],
  holidays: [],
});

describe('the input of a forecast', () => {
  it('is read from state, rollup and the newest calls', () => {
    const retry = { maxAttempts: 3, delaySeconds: 300 };
    const campaign = campaignOf({ totalCalls: 10, retry, pace: { concurrency: 2 } }, [ann, annAgain, bob, cid]);
    const input = forecastInput(campaign.state, campaign.rollup, rowsOf(campaign), START + 12 * MINUTE);
    expect(input).toMatchObject({
      phase: 'running',
      totalKnown: true,
      active: [{ from: START, to: START + 12 * MINUTE }],
      notStarted: 7,
      retry,
      pace: { callsPerSecond: null, concurrency: 2 },
      ended: 3,
      open: [{ attempts: 2, contacts: 1, endedAt: START + 10.5 * MINUTE, dueAt: null }],
      live: { count: 1, calls: [{ startedAt: START + 9 * MINUTE, attempt: 1 }] },
    });
    expect(input.sample.map(({ reached, attempt, waitedMs }) => ({ reached, attempt, waitedMs }))).toEqual([
      { reached: false, attempt: 2, waitedMs: 10 * MINUTE - 30_000 },
      { reached: true, attempt: 1, waitedMs: null },
      { reached: false, attempt: 1, waitedMs: null },
    ]);
  });

  it('counts live calls backwards from now, slot by slot', () => {
    const campaign = campaignOf({ totalCalls: 10 }, [ann, annAgain, bob, cid]);
    const input = forecastInput(campaign.state, campaign.rollup, rowsOf(campaign), START + 11 * MINUTE);
    expect(input.slots).toHaveLength(66);
    expect(input.slots.slice(0, 8).map(({ live }) => live)).toEqual([2, 2, 2, 1, 1, 1, 0, 0]);
    expect(input.slots.slice(53, 64).map(({ live }) => live)).toEqual([0, 1, 1, 1, 1, 1, 1, 2, 2, 1, 1]);
  });

  it('leaves pauses and closed hours out of active time and of the slots', () => {
    const campaign = campaignOf({ totalCalls: 10, windows: hours('09:07', '09:06') }, [ann, annAgain, bob]);
    campaign.apply([says(START + 2 * MINUTE, { change: 'paused' }), says(START + 5 * MINUTE, { change: 'resumed' })]);
    const rows = rowsOf(campaign);
    const input = forecastInput(campaign.state, campaign.rollup, rows, START + 11 * MINUTE);
    expect(input.active.map(({ from, to }) => [(from - START) / MINUTE, (to - START) / MINUTE])).toEqual([
      [0, 2],
      [5, 6],
      [7, 11],
    ]);
    expect(input.slots).toHaveLength(42);
    expect(forecastInput(campaign.state, campaign.rollup, rows, START + 6.5 * MINUTE).phase).toBe('waiting');
  });

  it('knows the closed hours of a year around, fewer where there are many zones', () => {
    const windows = hours('09:00', '18:00');
    const days = (facts: CampaignFacts): number => {
      const campaign = campaignOf({ totalCalls: 10, windows, ...facts }, [bob]);
      return forecastInput(campaign.state, campaign.rollup, rowsOf(campaign), START + MINUTE).closed.length;
    };
    expect(days({})).toBe(366);
    const zones = Array.from({ length: 12 }, (_, n) => [`Etc/GMT+${n + 1}`, 1]);
    const listZones = Object.fromEntries(zones.slice(0, 10)) as Record<string, number>;
    expect(days({ windows: { ...windows, zone: 'contact' }, listZones })).toBeLessThan(90);
  });

  it('of a campaign that Ringside dials knows the policy and the retries', () => {
    const open = (facts: CampaignFacts) => {
      const campaign = campaignOf({ totalCalls: 10, dialer: 'built-in', ...facts }, [
        { ...ann, dueAt: 20 * MINUTE },
        eve,
      ]);
      return forecastInput(campaign.state, campaign.rollup, rowsOf(campaign), START + 30 * 60 * MINUTE);
    };
    expect(open({})).toMatchObject({ retry: { maxAttempts: 1 }, open: [{ attempts: 1, contacts: 1 }] });
    const retry = { maxAttempts: 3, delaySeconds: 300 };
    expect(open({ retry })).toMatchObject({ retry, open: [{ contacts: 1, dueAt: START + 20.5 * MINUTE }] });
  });

  it('places announced retries where they were announced for', () => {
    const campaign = campaignOf({ totalCalls: 10 }, [{ ...ann, dueAt: 20 * MINUTE }, bob]);
    const input = forecastInput(campaign.state, campaign.rollup, rowsOf(campaign), START + 2 * MINUTE);
    expect(input.open).toMatchObject([{ attempts: 1, contacts: 1, dueAt: START + 20.5 * MINUTE }]);
    expect(input.sample.map(({ announcedMs }) => announcedMs)).toEqual([null, 19.5 * MINUTE]);
  });

  it('leaves out who is settled: by the policy, or because a retry never came', () => {
    const settled = campaignOf({ totalCalls: 10, retry: { maxAttempts: 1, delaySeconds: 0 } }, [ann]);
    expect(forecastInput(settled.state, settled.rollup, rowsOf(settled), START + 2 * MINUTE).open).toEqual([]);
    const waiting = campaignOf({ totalCalls: 10, retry: { maxAttempts: 2, delaySeconds: 60 } }, [ann]);
    const open = (after: number) =>
      forecastInput(waiting.state, waiting.rollup, rowsOf(waiting), START + after * MINUTE).open.length;
    expect([open(2), open(24 * 60), open(24 * 60 + 2)]).toEqual([1, 1, 0]);
  });

  it('takes silence until a retry is due for waiting, and other silence for a stall', () => {
    const retry = { maxAttempts: 2, delaySeconds: 3_600 };
    const waiting = campaignOf({ totalCalls: 2, retry }, [ann, bob]);
    const at = START + 30 * MINUTE;
    expect(forecastInput(waiting.state, waiting.rollup, rowsOf(waiting), at).phase).toBe('waiting');
    const stalled = campaignOf({ totalCalls: 3, retry }, [ann, bob]);
    expect(forecastInput(stalled.state, stalled.rollup, rowsOf(stalled), at).phase).toBe('stalled');
  });

  it('of a campaign that nobody registered is refused, as its list has no known length', () => {
    const campaign = new MemoryCampaign();
    campaign.apply([call(bob)]);
    const input = forecastInput(campaign.state, campaign.rollup, rowsOf(campaign), START + 2 * MINUTE);
    expect(forecast(input)).toMatchObject({ seconds: null, basis: 'The length of the list is not known.' });
  });
});
