/**
 * Work with a signal that ends after a time, or with another signal. Not by `AbortSignal.any`: where one source lives as
 * long as the process, Node.js 20 keeps every signal that was made so, about two kilobytes for each call.
 */
export async function within<T>(
  ms: number,
  ending: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, ms);
  ending.addEventListener('abort', abort, { once: true });
  if (ending.aborted) abort();
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    ending.removeEventListener('abort', abort);
  }
}
