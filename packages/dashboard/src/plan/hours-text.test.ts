import { CallingWindows } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { hoursLine, hoursProblem, hoursText, officeHours, windowsOf } from './hours-text.ts';

const within: CallingWindows = {
  zone: 'contact',
  weekly: [
    { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:30' },
    { days: [6, 7], from: '20:00', to: '24:00' },
  ],
  holidays: ['2026-12-25'],
};

test('hours come back from the fields as they were', () => {
  expect(windowsOf(hoursText(within))).toEqual(within);
  expect(hoursText(within).windows[1]?.to).toBe('00:00');
});

test('at any time is a window that the server takes, since windows cannot be taken away', () => {
  const any = windowsOf({ ...hoursText(within), when: 'any' });
  expect(CallingWindows.safeParse(any).success).toBe(true);
  expect(hoursText(any).when).toBe('any');
  expect(hoursText(null).when).toBe('any');
  expect([hoursLine(null), hoursLine(any)]).toEqual(['at any time', 'at any time']);
});

test('what is wrong is said in words', () => {
  const text = hoursText(within);
  expect(hoursProblem(text)).toBeNull();
  expect(hoursProblem({ ...text, windows: [{ ...officeHours, days: [] }] })).toMatch(/at least one day/);
  expect(hoursProblem({ ...text, windows: [{ ...officeHours, to: '' }] })).toMatch(/to when/);
  expect(hoursProblem({ ...text, holidays: '2026-12-25, Christmas' })).toMatch(/“Christmas” is no date/);
});

test('hours are read out briefly', () => {
  expect(hoursLine(within)).toBe('Mon to Fri 09:00 to 18:30; Sat, Sun 20:00 to 24:00, in the contact’s own time zone');
});
