/** What a progress bar gets to know: contacts settled, by some clock. */
export interface Settled {
  /** Seconds after the start at which each contact was settled, ascending, up to now. */
  readonly at: readonly number[];
  readonly contacts: number;
  /** Seconds up to now. */
  readonly elapsed: number;
}

/** Remaining = elapsed × to do / done. */
export function elapsedTime({ at, contacts, elapsed }: Settled): number {
  return (elapsed * (contacts - at.length)) / at.length;
}

/**
 * The remaining time that the progress bar tqdm 4.67 shows: to do / rate, where the rate is the ratio of two moving
 * averages, both smoothed by 0.3 (its default) and corrected for their start; they move at each update that comes at
 * least 0.1 s (its `mininterval`) after the one before.
 */
export function tqdm({ at, contacts }: Settled, smoothing = 0.3): number {
  const items = movingAverage(smoothing);
  const times = movingAverage(smoothing);
  let [printedItems, printedAt, printedRate] = [0, 0, 0];
  at.forEach((now, index) => {
    const seconds = now - printedAt;
    if (seconds < 0.1) return;
    printedRate = items(index + 1 - printedItems) / times(seconds);
    printedItems = index + 1;
    printedAt = now;
  });
  return (contacts - at.length) / printedRate;
}

/** Exponential moving average without the bias of its start, as in tqdm's class `EMA`. */
function movingAverage(smoothing: number): (value: number) => number {
  const kept = 1 - smoothing;
  let last = 0;
  let calls = 0;
  return (value) => {
    last = smoothing * value + kept * last;
    calls++;
    return last / (1 - kept ** calls);
  };
}
