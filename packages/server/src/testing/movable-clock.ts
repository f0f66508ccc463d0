/** Clocks of a server under test, which run ahead or are set. */
export interface MovableClock {
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Advances both clocks. */
  pass(ms: number): void;
  /** Sets the wall clock alone. */
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
