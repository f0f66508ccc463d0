import type { Effects } from '../effects.ts';

/** A clock that stands still but for sleeping, which takes no real time. */
export class SteppingClock implements Effects {
  /** How long each sleep was meant to take, milliseconds. */
  readonly sleeps: number[] = [];
  #at: number;
  #passed = 0;

  constructor(at: number) {
    this.#at = at;
  }

  readonly now = (): number => this.#at;

  readonly monotonic = (): number => this.#passed;

  readonly sleep = async (ms: number): Promise<void> => {
    this.sleeps.push(ms);
    this.pass(ms);
  };

  pass(ms: number): void {
    this.#at += ms;
    this.#passed += ms;
  }

  /** Somebody sets the clock; no time passes. */
  step(ms: number): void {
    this.#at += ms;
  }
}
