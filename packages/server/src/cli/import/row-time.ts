import { consoleOffset, parseClock, zoneOffset } from '../../providers/plivo/console-time.ts';

const WALL = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;
const QUARTER_HOUR = 15 * 60_000;
const MOST_CACHED = 100_000;

/** Reads the times of rows. Those that name no zone are in the given one. */
export class RowClock {
  readonly #zone: string;
  /** Offsets by quarter of an hour; they change on such borders only. */
  readonly #offsets = new Map<number, number>();

  /** @param zone IANA time zone of times without one */
  constructor(zone: string) {
    this.#zone = zone;
  }

  /**
   * @param offset milliseconds east of UTC for times without a zone, where the row itself shows it
   * @returns epoch milliseconds, `null` where the text is no time
   */
  read(text: string, offset: number | null): number | null {
    if (/^\d{13}$/.test(text)) return Number(text);
    if (/^\d{10}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
    const match = WALL.exec(text);
    if (!match) return null;
    const [, date, minutes, seconds = ':00', zone] = match;
    const wall = parseClock(`${date} ${minutes}${seconds.slice(0, 10)}`);
    if (wall === null) return null;
    if (zone !== undefined) return wall - statedOffset(zone);
    return wall - (offset ?? this.#offset(wall));
  }

  #offset(wall: number): number {
    const quarter = Math.floor(wall / QUARTER_HOUR);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const offset = zoneOffset(wall, this.#zone);
    if (this.#offsets.size >= MOST_CACHED) this.#offsets.clear();
    this.#offsets.set(quarter, offset);
    return offset;
  }
}

/** The zone that a Plivo document shows itself: its StartTime is in console time, its SessionStart in UTC. */
export function shownOffset(startTime: string | undefined, sessionStart: string | undefined): number | null {
  return consoleOffset(parseClock(startTime ?? null), parseClock(sessionStart ?? null));
}

function statedOffset(zone: string): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (!match) return 0;
  const east = (Number(match[2]) * 60 + Number(match[3])) * 60_000;
  return match[1] === '-' ? -east : east;
}
