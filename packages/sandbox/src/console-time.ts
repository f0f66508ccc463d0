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

/**
 * `YYYY-MM-DD HH:mm:ss+05:30`: how Plivo's call-detail records write a time.
 *
 * @param at epoch milliseconds, cut to the second
 * @param zone IANA time zone
 */
export function offsetTime(at: number, zone: string): string {
  const wall = consoleTime(at, zone);
  const minutes = Math.round((Date.parse(`${wall.replace(' ', 'T')}Z`) - at) / 60_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const east = Math.abs(minutes);
  return `${wall}${minutes < 0 ? '-' : '+'}${two(Math.floor(east / 60))}:${two(east % 60)}`;
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
