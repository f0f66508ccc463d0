import { Heap } from './heap.ts';
import { Dice } from './random.ts';
import type { Scenario } from './scenario.ts';

export type Ending = 'completed' | 'machine' | 'busy' | 'invalid' | 'no-answer';

/** One call that took place. Milliseconds after the start of the campaign. */
export interface PlacedCall {
  readonly contact: number;
  readonly attempt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly ending: Ending;
  /** When its contact is called again, if it is. */
  readonly dueAt: number | null;
}

type Event =
  | { readonly at: number; readonly type: 'line free' }
  | { readonly at: number; readonly type: 'ended'; readonly due: { contact: number; attempt: number } | null }
  | { readonly at: number; readonly type: 'wake' };

const MAX_TALK = 600_000;
const LOOK_AGAIN = 10_000;

/**
 * What happens: a dialer with lines, event by event, until every contact is settled. It shares no code with the
 * forecast, and knows what the forecast cannot: each contact's own chance to be reached, and every change to come.
 * @returns all calls, in the order of their starts
 */
export function dial(scenario: Scenario): PlacedCall[] {
  return new Dialer(scenario).run();
}

class Dialer {
  readonly #scenario: Scenario;
  readonly #dice: Dice;
  readonly #reachability: Float64Array;
  readonly #events = new Heap<Event>((event) => event.at);
  readonly #due = new Heap<{ readonly at: number; readonly contact: number; readonly attempt: number }>((d) => d.at);
  readonly #calls: PlacedCall[] = [];
  #now = 0;
  #next = 0;
  #busyLines = 0;
  #notBefore = 0;
  #wakeAt = -1;
  #mood = 0;
  #moodAt = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#dice = new Dice(scenario.seed);
    const { reachable, alike } = scenario.people;
    this.#reachability = Float64Array.from({ length: scenario.contacts }, () =>
      this.#dice.beta(reachable * alike, (1 - reachable) * alike),
    );
  }

  run(): PlacedCall[] {
    this.#wake(0);
    for (let event = this.#events.pop(); event; event = this.#events.pop()) {
      this.#now = event.at;
      if (event.type === 'line free') this.#busyLines--;
      if (event.type === 'ended' && event.due) {
        this.#due.push({ at: this.#now + this.#scenario.retry.delay, ...event.due });
      }
      this.#placeWhatMayBePlaced();
    }
    return this.#calls;
  }

  #placeWhatMayBePlaced(): void {
    const pause = this.#scenario.breaks.find(({ from, to }) => this.#now >= from && this.#now < to);
    if (pause) return this.#hasWork() ? this.#wake(Math.ceil(pause.to)) : undefined;
    while (this.#busyLines < this.#lines()) {
      if (this.#now < this.#notBefore) {
        this.#wake(this.#notBefore);
        break;
      }
      const next = this.#pick();
      if (next === null) break;
      this.#place(next.contact, next.attempt);
    }
    const due = this.#due.peek();
    if (due && due.at > this.#now) this.#wake(due.at);
    if (this.#hasWork() && this.#scenario.changes.ramp) this.#wake(this.#now + LOOK_AGAIN);
  }

  #hasWork(): boolean {
    return this.#next < this.#scenario.contacts || this.#due.peek() !== undefined;
  }

  #pick(): { contact: number; attempt: number } | null {
    const due = this.#due.peek();
    const isDue = due !== undefined && due.at <= this.#now;
    const fresh = this.#next < this.#scenario.contacts;
    if (isDue && (this.#scenario.retry.first || !fresh)) {
      this.#due.pop();
      return { contact: due.contact, attempt: due.attempt };
    }
    return fresh ? { contact: this.#next++, attempt: 1 } : null;
  }

  #lines(): number {
    const { ramp, pace } = this.#scenario.changes;
    let share = 1;
    if (ramp) share = ramp.from + (1 - ramp.from) * Math.min(1, this.#now / ramp.until);
    if (pace && this.#now >= pace.at) share *= pace.factor;
    return Math.max(1, Math.round(this.#scenario.dialer.concurrency * share));
  }

  #spacing(): number {
    const { changes, dialer } = this.#scenario;
    const ramp = changes.ramp ? dialer.concurrency / Math.max(1, this.#lines()) : 1;
    const isChanged = changes.pace !== null && this.#now >= changes.pace.at;
    return (dialer.spacing * ramp) / (isChanged ? (changes.pace?.factor ?? 1) : 1);
  }

  #place(contact: number, attempt: number): void {
    const { retry, dialer } = this.#scenario;
    const { ending, length } = this.#talk(contact);
    const endedAt = this.#now + length;
    const again = ending !== 'completed' && attempt < retry.maxAttempts;
    const dueAt = again ? endedAt + retry.delay : null;
    this.#calls.push({ contact, attempt, startedAt: this.#now, endedAt, ending, dueAt });
    this.#busyLines++;
    this.#notBefore = Math.ceil(this.#now + this.#spacing());
    this.#events.push({ at: endedAt, type: 'ended', due: again ? { contact, attempt: attempt + 1 } : null });
    this.#events.push({ at: endedAt + Math.round(this.#dice.waiting(dialer.latency)), type: 'line free' });
  }

  #talk(contact: number): { ending: Ending; length: number } {
    const { times, people, changes, expected } = this.#scenario;
    const dice = this.#dice;
    const done = this.#now / expected;
    const shift = changes.drift ? changes.drift.odds * done : 0;
    const talkShift = changes.drift ? changes.drift.talk * Math.min(2, done) + this.#moodNow() : 0;
    const chance = this.#reachability[contact] ?? 0;
    const reached = dice.chance((chance * Math.exp(shift)) / (chance * Math.exp(shift) + 1 - chance));
    const ring = Math.min(times.timeout, 2_000 + dice.waiting(times.ring - 2_000));
    if (reached) {
      const talk = Math.min(MAX_TALK, times.talk * Math.exp(dice.bell(talkShift, times.sigma)));
      return { ending: 'completed', length: Math.round(ring + talk) };
    }
    if (dice.chance(people.machines)) return { ending: 'machine', length: Math.round(ring + dice.between(4e3, 20e3)) };
    if (dice.chance(0.15)) return { ending: 'busy', length: Math.round(dice.between(2e3, 6e3)) };
    if (dice.chance(0.05)) return { ending: 'invalid', length: Math.round(dice.between(500, 3e3)) };
    return { ending: 'no-answer', length: Math.round(times.timeout + dice.between(-1e3, 3e3)) };
  }

  /** A random walk of the level of log talk time, of forty steps over the expected duration. */
  #moodNow(): number {
    const { changes, expected } = this.#scenario;
    while (this.#moodAt < this.#now) {
      this.#moodAt += expected / 40;
      this.#mood += this.#dice.bell(0, changes.drift?.restless ?? 0);
    }
    return this.#mood;
  }

  #wake(at: number): void {
    if (this.#wakeAt > this.#now && this.#wakeAt <= at) return;
    this.#wakeAt = at;
    this.#events.push({ at, type: 'wake' });
  }
}
