/** What clocks of a zone show at an instant, as a date-and-time field of the browser writes it: `2026-11-23T09:00`. */
export function localAt(at: Date, timeZone: string): string {
  return new Date(at.getTime() + offsetOf(at, timeZone)).toISOString().slice(0, 16);
}

/**
 * The instant at which clocks of a zone show this.
 * @param local such as `2026-11-23T09:00`; a time that a change of clocks leaves out counts as after the change
 */
export function instantOf(local: string, timeZone: string): Date {
  const asUtc = Date.parse(`${local}Z`);
  const guess = new Date(asUtc - offsetOf(new Date(asUtc), timeZone));
  return new Date(asUtc - offsetOf(guess, timeZone));
}

/** The next day of a zone at some time of day, such as `09:00`. */
export function tomorrowAt(time: string, now: Date, timeZone: string): Date {
  const today = Date.parse(`${localAt(now, timeZone).slice(0, 10)}T00:00Z`);
  const tomorrow = new Date(today + 86_400_000).toISOString().slice(0, 10);
  return instantOf(`${tomorrow}T${time}`, timeZone);
}

/** By how many milliseconds a zone’s clocks are ahead of UTC. */
function offsetOf(at: Date, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at);
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(at.getTime() / 1000) * 1000;
}
