const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * `YYYY-MM-DD HH:mm:ss` on the wall clocks of `zone`, cut to the second and without an offset: how Plivo writes
 * StartTime, AnswerTime and EndTime, in the zone that the account's console is set to.
 *
 * @param at epoch milliseconds
 * @param zone IANA time zone
 */
export function consoleTime(at: number, zone: string): string {
  const part = Object.fromEntries(
    formatFor(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}`;
}

/**
 * `YYYY-MM-DD HH:mm:ss.ffffff` in UTC: how Plivo writes SessionStart, whatever the account's zone.
 *
 * @param at epoch milliseconds; the fraction gives the microseconds
 */
export function sessionTime(at: number): string {
  const whole = Math.floor(at);
  const micros = String(Math.floor((at - whole) * 1_000)).padStart(3, '0');
  return `${new Date(whole).toISOString().slice(0, 23).replace('T', ' ')}${micros}`;
}

export function isTimeZone(zone: string): boolean {
  try {
    formatFor(zone);
    return true;
  } catch {
    return false;
  }
}

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const two = '2-digit';
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
  });
  formats.set(zone, format);
  return format;
}
