/** Clocks of a server that a test lets run ahead, or sets. */
export interface MovableClock {
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Lets time pass. */
  pass(ms: number): void;
  /** Sets the wall clock; no time passes. */
  step(ms: number): void;
}

export function movableClock(): MovableClock {
  let passed = 0;
  let stepped = 0;
  return {
    now: () => Date.now() + passed + stepped,
    monotonic: () => performance.now() + passed,
    pass: (ms) => {
      passed += ms;
    },
    step: (ms) => {
      stepped += ms;
    },
  };
}
