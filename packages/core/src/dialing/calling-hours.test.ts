import type { CallingWindows } from '@ringside/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closedIntervals, closingAt, isOpen, nextOpening, openZones, zoneOf, zonesAsked } from './calling-hours.ts';
import { offsetAt } from './local-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const workdays = [1, 2, 3, 4, 5];

/** Thursday. */
const at = (hours: number, day = 7): number => Date.UTC(2025, 7, day) + hours * HOUR;

function windows(
  weekly: CallingWindows['weekly'],
  { zone = 'campaign', holidays = [] }: Partial<CallingWindows> = {},
): CallingWindows {
  return { zone, weekly, holidays };
}

const office = windows([{ days: workdays, from: '09:30', to: '18:00' }]);

describe('calling hours', () => {
  it('are open from the first minute of a window and closed at its end', () => {
    expect([9.4, 9.5, 17.99, 18].map((hour) => isOpen(office, 'UTC', at(hour)))).toEqual([false, true, true, false]);
  });

  it('go by the clock of the zone', () => {
    expect(isOpen(office, 'Asia/Kolkata', at(4))).toBe(true);
    expect(isOpen(office, 'America/New_York', at(12))).toBe(false);
    expect(nextOpening(office, 'America/New_York', at(12))).toBe(at(13.5));
  });

  it.each(['Foo/Bar', '', 'Asia/Kolkata ', '💥'])(
    'of the unknown zone “%s” never open: nobody is called by its clock',
    (zone) => {
      const always = windows([{ days: everyDay, from: '00:00', to: '24:00' }]);
      expect(isOpen(always, zone, at(10))).toBe(false);
      expect([nextOpening(always, zone, at(10)), closingAt(always, zone, at(10))]).toEqual([null, null]);
      const span = { from: at(0), to: at(24) };
      expect(closedIntervals(always, [zone], span)).toEqual([span]);
      expect(closedIntervals(always, [zone, 'UTC'], span)).toEqual([]);
      const zones = { campaign: 'UTC', list: { [zone]: 1, 'Asia/Kolkata': 1 } };
      expect(openZones({ ...always, zone: 'contact' }, zones, at(10))).toContain('Asia/Kolkata');
      expect(isOpen(null, zone, at(10)), 'without hours no clock is asked').toBe(true);
      expect(offsetAt(zone, at(10))).toBe(0);
    },
  );

  it('open next after the weekend', () => {
    expect(nextOpening(office, 'UTC', at(18, 8))).toBe(at(9.5, 11));
    expect(nextOpening(office, 'UTC', at(10))).toBe(at(10));
  });

  it('go on past midnight, by the day on which they began', () => {
    const night = windows([{ days: [5], from: '22:00', to: '02:00' }], { holidays: ['2025-08-15'] });
    expect(isOpen(night, 'UTC', at(25, 8))).toBe(true);
    expect(isOpen(night, 'UTC', at(1, 8))).toBe(false);
    expect(closingAt(night, 'UTC', at(23, 8))).toBe(at(26, 8));
    expect(isOpen(night, 'UTC', at(25, 15)), 'the holiday is the day it began').toBe(false);
    expect(nextOpening(night, 'UTC', at(2, 9))).toBe(at(22, 22));
  });

  it('may last to the end of the day, or around it', () => {
    const late = windows([{ days: everyDay, from: '20:00', to: '24:00' }]);
    expect(closingAt(late, 'UTC', at(21))).toBe(at(24));
    const always = windows([{ days: everyDay, from: '00:00', to: '24:00' }]);
    expect(closingAt(always, 'UTC', at(21))).toBeNull();
    expect(closedIntervals(always, ['UTC'], { from: at(0), to: at(0, 20) })).toEqual([]);
  });

  it('follow the clocks when those are changed', () => {
    const early = windows([{ days: everyDay, from: '01:30', to: '02:30' }]);
    const spring = Date.UTC(2025, 2, 30);
    expect(nextOpening(early, 'Europe/Berlin', spring)).toBe(spring + 0.5 * HOUR);
    expect(closingAt(early, 'Europe/Berlin', spring + 0.5 * HOUR), '02:00 is 03:00').toBe(spring + HOUR);
    const autumn = Date.UTC(2025, 9, 26);
    const closed = closedIntervals(early, ['Europe/Berlin'], { from: autumn - HOUR, to: autumn + 2 * HOUR });
    expect(closed.map(({ from, to }) => [(from - autumn) / HOUR, (to - autumn) / HOUR])).toEqual([
      [-1, -0.5],
      [0.5, 1],
      [1.5, 2],
    ]);
  });

  it('never open where every day is a holiday', () => {
    const holidays = Array.from({ length: 371 }, (_, day) =>
      new Date(at(0) + day * 24 * HOUR).toISOString().slice(0, 10),
    );
    expect(nextOpening(windows(office.weekly, { holidays }), 'UTC', at(12))).toBeNull();
  });

  it('are all hours where none are declared', () => {
    expect(isOpen(null, 'UTC', at(3))).toBe(true);
    expect(nextOpening(null, 'UTC', at(3))).toBe(at(3));
    expect(closingAt(null, 'UTC', at(3))).toBeNull();
    expect(closedIntervals(null, ['UTC'], { from: at(0), to: at(24) })).toEqual([]);
  });

  it('close a campaign only while they are closed in all its zones', () => {
    const closed = closedIntervals(office, ['UTC', 'America/New_York'], { from: at(0), to: at(24) });
    expect(closed).toEqual([
      { from: at(0), to: at(9.5) },
      { from: at(22), to: at(24) },
    ]);
  });
});

describe('zones of a list', () => {
  const zones = { campaign: 'UTC', list: { '': 3, 'Asia/Kolkata': 2, 'America/New_York': 0 } };
  const own = windows(office.weekly, { zone: 'contact' });

  it('are open by their own clock, or by the campaign’s', () => {
    expect(openZones(own, zones, at(5))).toEqual(['Asia/Kolkata']);
    expect(openZones(own, zones, at(10))).toEqual(['', 'Asia/Kolkata']);
    expect(openZones(office, zones, at(5))).toEqual([]);
    expect(openZones(office, zones, at(10))).toEqual(['', 'Asia/Kolkata', 'America/New_York']);
    expect(openZones(null, zones, at(5))).toEqual(['', 'Asia/Kolkata', 'America/New_York']);
  });

  it('count where they have contacts', () => {
    expect(zonesAsked(own, zones)).toEqual(['UTC', 'Asia/Kolkata']);
    expect(zonesAsked(office, zones)).toEqual(['UTC']);
    expect(zonesAsked(own, { campaign: 'Asia/Kolkata', list: {} })).toEqual(['Asia/Kolkata']);
    expect(zoneOf(own, 'UTC', 'Asia/Kolkata')).toBe('Asia/Kolkata');
    expect(zoneOf(office, 'UTC', 'Asia/Kolkata')).toBe('UTC');
  });
});

/** Open or closed by the words of the rule alone, from the parts of the local date that another formatter gives. */
function naiveIsOpen({ weekly, holidays }: CallingWindows, local: Intl.DateTimeFormat, moment: number): boolean {
  const [date = '', time = ''] = local.format(moment).split(' ');
  const dayBefore = new Date(Date.parse(`${date}T00:00:00Z`) - 24 * HOUR).toISOString().slice(0, 10);
  const clock = time.slice(0, 5);
  const begins = (day: string, days: readonly number[]): boolean =>
    !holidays.includes(day) && days.includes(new Date(`${day}T12:00:00Z`).getUTCDay() || 7);
  return weekly.some(({ days, from, to }) => {
    if (from < to) return begins(date, days) && from <= clock && clock < to;
    return (begins(date, days) && from <= clock) || (begins(dayBefore, days) && clock < to);
  });
}

/** Near changes of the clocks in several of the zones, on whole minutes. */
const start = fc
  .tuple(
    fc.constantFrom('2025-03-09', '2025-03-29', '2025-04-05', '2025-10-25', '2025-11-01', '2025-02-28', '2025-12-30'),
    fc.integer({ min: 0, max: 2_880 }),
  )
  .map(([day, minutes]) => Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE);
const zone = fc.constantFrom(
  'UTC',
  'Asia/Kolkata',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Chatham',
);
const clock = fc.constantFrom('00:00', '00:15', '01:30', '02:00', '02:30', '03:00', '09:00', '17:45', '22:00', '23:59');
const weekly = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
  from: clock,
  to: fc.oneof(clock, fc.constant('24:00')),
});
const generated = fc.record({
  zone: fc.constant('campaign' as const),
  weekly: fc.array(weekly, { minLength: 1, maxLength: 3 }),
  holidays: fc.subarray(['2025-03-09', '2025-03-30', '2025-03-31', '2025-10-26', '2025-11-02', '2026-01-01']),
});

const WALK = 3 * 24 * 60;

describe('calling hours, walked minute by minute', () => {
  it('are open, open next and close as the walk says', () => {
    fc.assert(
      fc.property(generated, zone, start, (rules, where, from) => {
        const local = new Intl.DateTimeFormat('sv-SE', { timeZone: where, dateStyle: 'short', timeStyle: 'medium' });
        const open = Array.from({ length: WALK }, (_, i) => naiveIsOpen(rules, local, from + i * MINUTE));
        const first = open.indexOf(true);
        if (first >= 0) expect(nextOpening(rules, where, from)).toBe(from + first * MINUTE);
        else
          expect(nextOpening(rules, where, from) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(
            from + WALK * MINUTE,
          );
        const end = first < 0 ? -1 : open.indexOf(false, first);
        if (end >= 0) expect(closingAt(rules, where, from + first * MINUTE)).toBe(from + end * MINUTE);
        const closed = closedIntervals(rules, [where], { from, to: from + WALK * MINUTE });
        const walked = open.map(
          (_, i) => !closed.some((gap) => gap.from <= from + i * MINUTE && from + i * MINUTE < gap.to),
        );
        expect(walked).toEqual(open);
        for (const i of [0, 1_000, 2_000]) expect(isOpen(rules, where, from + i * MINUTE)).toBe(open[i]);
      }),
      { numRuns: 40 },
    );
  });
});
