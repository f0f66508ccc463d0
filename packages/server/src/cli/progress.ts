import { grouped, type Terminal } from './terminal.ts';

const REDRAW_MS = 100;
const BAR = 24;

/** A line that shows how far a long piece of work is; drawn only while somebody watches. */
export class Progress {
  readonly #terminal: Pick<Terminal, 'err' | 'isWatched'>;
  readonly #now: () => number;
  #label = '';
  #unit = '';
  #total: number | null = null;
  #done = 0;
  #startedAt = 0;
  #drawnAt = 0;

  constructor(terminal: Pick<Terminal, 'err' | 'isWatched'>, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
  }

  /** Begins a piece of work. @param total `null` while nobody knows */
  start(label: string, total: number | null, unit: string): void {
    this.#label = label;
    this.#total = total;
    this.#unit = unit;
    this.#done = 0;
    this.#startedAt = this.#now();
  }

  /** @param share how far the whole is, 0 to 1, where the units do not tell */
  add(units: number, share?: number): void {
    this.#done += units;
    const now = this.#now();
    if (!this.#terminal.isWatched || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#terminal.err(`\r\u001b[2K${this.#line(now, share)}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#terminal.isWatched && this.#drawnAt > 0) this.#terminal.err('\r\u001b[2K');
  }

  #line(now: number, share: number | undefined): string {
    const seconds = Math.max(0.001, (now - this.#startedAt) / 1000);
    const part = share ?? (this.#total ? this.#done / this.#total : null);
    const rate = `${grouped(Math.round(this.#done / seconds))}/s`;
    const counted = `${grouped(this.#done)} ${this.#unit}, ${rate}`;
    if (part === null) return `${this.#label}  ${counted}`;
    const filled = Math.round(Math.min(1, part) * BAR);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR - filled);
    const left = part > 0.01 ? `, ${duration((seconds / part) * (1 - part))} left` : '';
    return `${this.#label}  ${bar} ${Math.floor(Math.min(1, part) * 100)} %  ${counted}${left}`;
  }
}

/** `75` as `1 min 15 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
