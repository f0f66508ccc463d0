/**
 * Counts requests over a sliding window.
 *
 * @returns takes a place in the window, or says no where `most` are in it
 */
export function createRateWindow(most: number, windowMs: number, now: () => number): () => boolean {
  const times: number[] = [];
  let taken = 0;
  return () => {
    const at = now();
    const oldest = times[taken % most];
    if (oldest !== undefined && at - oldest < windowMs) return false;
    times[taken % most] = at;
    taken += 1;
    return true;
  };
}
