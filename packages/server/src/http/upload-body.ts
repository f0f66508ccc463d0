import type { Readable } from 'node:stream';
import { UploadRefused } from '../upload/upload-refused.ts';

/** How large a body may be, and how slow. */
export interface BodyLimits {
  readonly bytes: number;
  /** How long nothing may come. */
  readonly idleMs: number;
  /** How long a sender may be waited for altogether, beyond what its bytes earn. */
  readonly patienceMs: number;
  /** The slowest that a body may come. */
  readonly bytesPerSecond: number;
}

/**
 * The pieces of a body, asked for one by one, so that a sender waits while we do not read. Whoever stops reading early
 * leaves the connection as it is: an answer can still be sent.
 * @param signal ends the reading with its reason
 * @throws UploadRefused for a body that is too large, too slow, or breaks off
 */
export async function* bodyPieces(body: Readable, limits: BodyLimits, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const pieces: AsyncIterator<Uint8Array> = body.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  let patience = limits.patienceMs;
  let bytes = 0;
  while (true) {
    const asked = performance.now();
    const next = await within(pieces.next(), Math.min(limits.idleMs, patience), signal);
    if (next.done) return;
    // Only what the sender took counts, not what storing took.
    patience += (next.value.length * 1_000) / limits.bytesPerSecond - (performance.now() - asked);
    bytes += next.value.length;
    if (bytes > limits.bytes) throw tooLarge(limits);
    yield next.value;
  }
}

/** @throws UploadRefused for a body that says beforehand that it is too large */
export function checkLength(length: string | undefined, limits: BodyLimits): void {
  if (Number(length ?? 0) > limits.bytes) throw tooLarge(limits);
}

function tooLarge({ bytes }: BodyLimits): UploadRefused {
  return new UploadRefused('body-too-large', `A list may have ${Math.floor(bytes / 1024 ** 2)} MiB: send it in parts.`);
}

async function within<T>(work: Promise<T>, ms: number, signal: AbortSignal): Promise<T> {
  let end = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    const slow = (): void => reject(new UploadRefused('sender-too-slow', 'The rest of the list did not come in time.'));
    const timer = setTimeout(slow, Math.max(0, ms));
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
  });
  work.catch(() => {});
  try {
    return await Promise.race([work.catch(brokeOff), ended]);
  } finally {
    end();
  }
}

function brokeOff(cause: unknown): never {
  throw new UploadRefused('malformed-body', `The list broke off: ${(cause as Error).message}.`);
}
