import type { CallingWindows } from '@ringside/protocol';
import { isoOf } from '../readers.ts';

/** A window as it stands in fields: its ISO weekdays, and from when to when. */
export interface WindowText {
  readonly days: readonly number[];
  readonly from: string;
  readonly to: string;
}

/** Calling hours as they stand in fields. */
export interface HoursText {
  readonly when: 'any' | 'within';
  readonly windows: readonly WindowText[];
  readonly zone: CallingWindows['zone'];
  /** Dates, one a line or with commas between. */
  readonly holidays: string;
}

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

const always: CallingWindows = {
  zone: 'campaign',
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }],
  holidays: [],
};

export const officeHours: WindowText = { days: [1, 2, 3, 4, 5, 6], from: '09:00', to: '20:00' };

export function hoursText(windows: CallingWindows | null): HoursText {
  const isAlways = windows !== null && JSON.stringify(windows.weekly) === JSON.stringify(always.weekly);
  const isAny = windows === null || (isAlways && windows.holidays.length === 0);
  return {
    when: isAny ? 'any' : 'within',
    // A field of the browser for times knows no 24:00.
    windows: isAny
      ? [officeHours]
      : windows.weekly.map((row) => ({ ...row, to: row.to === '24:00' ? '00:00' : row.to })),
    zone: windows?.zone ?? 'campaign',
    holidays: windows?.holidays.join('\n') ?? '',
  };
}

/** What the server is told. A window that ends at midnight goes on to the end of its day. */
export function windowsOf({ when, windows, zone, holidays }: HoursText): CallingWindows {
  if (when === 'any') return always;
  return {
    zone,
    weekly: windows.map(({ days, from, to }) => ({ days: [...days].sort(), from, to: to === '00:00' ? '24:00' : to })),
    holidays: listOf(holidays),
  };
}

/** What is wrong with them, in words; `null` when nothing is. */
export function hoursProblem({ when, windows, holidays }: HoursText): string | null {
  if (when === 'any') return null;
  if (windows.some(({ days }) => days.length === 0)) return 'Choose at least one day for each line of hours.';
  if (windows.some(({ from, to }) => from === '' || to === '')) return 'Say from when and to when.';
  const wrong = listOf(holidays).find((day) => isoOf(`${day}T00:00Z`)?.slice(0, 10) !== day);
  return wrong === undefined ? null : `“${wrong}” is no date: write 2026-12-25.`;
}

/** `Mon to Sat 09:00 to 20:00; Sun 10:00 to 14:00` */
export function hoursLine(windows: CallingWindows | null): string {
  if (hoursText(windows).when === 'any' || windows === null) return 'at any time';
  const lines = windows.weekly.map(({ days, from, to }) => `${daysLine(days)} ${from} to ${to}`);
  const zone = windows.zone === 'contact' ? ', in the contact’s own time zone' : '';
  return lines.join('; ') + zone;
}

function daysLine(days: readonly number[]): string {
  const sorted = [...days].sort();
  const isRun = sorted.every((day, index) => index === 0 || day === (sorted[index - 1] ?? 0) + 1);
  const names = sorted.map((day) => weekdays[day - 1] ?? '');
  return isRun && names.length > 2 ? `${names[0]} to ${names.at(-1)}` : names.join(', ');
}

/** What stands between commas, semicolons, spaces and line ends. */
export function listOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== '');
}
