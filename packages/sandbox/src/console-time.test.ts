import { describe, expect, it } from 'vitest';
import { consoleTime, isTimeZone, offsetTime, sessionTime } from './console-time.ts';

const at = Date.UTC(2024, 9, 22, 18, 30, 59, 999);

describe('times of a callback', () => {
  it('writes the console’s wall clock without an offset, cut to the second', () => {
    expect(consoleTime(at, 'Asia/Kolkata')).toBe('2024-10-23 00:00:59');
    expect(consoleTime(at, 'America/New_York')).toBe('2024-10-22 14:30:59');
    expect(consoleTime(at + 0.9, 'UTC')).toBe('2024-10-22 18:30:59');
  });

  it('writes the start of the session in UTC with six digits', () => {
    expect(sessionTime(at)).toBe('2024-10-22 18:30:59.999000');
    expect(sessionTime(Date.UTC(2024, 9, 22, 11, 10, 48, 129) + 0.6601)).toBe('2024-10-22 11:10:48.129660');
  });

  it('writes a time of a call-detail record with the offset of its zone', () => {
    expect(offsetTime(at, 'Asia/Kolkata')).toBe('2024-10-23 00:00:59+05:30');
    expect(offsetTime(at, 'Asia/Kathmandu')).toBe('2024-10-23 00:15:59+05:45');
    expect(offsetTime(at, 'America/St_Johns')).toBe('2024-10-22 16:00:59-02:30');
    expect(offsetTime(at, 'UTC')).toBe('2024-10-22 18:30:59+00:00');
  });

  it('knows a time zone when it sees one', () => {
    expect(isTimeZone('Asia/Kolkata')).toBe(true);
    expect(isTimeZone('Asia/Atlantis')).toBe(false);
  });
});
