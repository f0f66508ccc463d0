import type { SeenRequest } from './callback.ts';
import { isSigned } from './callback.ts';
import type { NoticeHandlers } from './notices.ts';

/** What a tee needs to know. Only the first three must be given. */
export interface TeeOptions extends NoticeHandlers {
  /** Base URL of the Ringside server, such as `https://ringside.example`. */
  readonly url: string;
  /** A Ringside API key with the permission to ingest. */
  readonly key: string;
  /**
   * What stands before the request target in the URLs that Plivo calls: scheme, host, port, and a path prefix if a
   * proxy takes one away. Signatures cover it, so it is the public one, such as `https://calls.example`.
   */
  readonly publicUrl: string;
  /** Chooses the requests to pass on. Default: those with a Plivo V3 signature header. */
  readonly match?: (request: SeenRequest) => boolean;
  /**
   * File that keeps the queue over a restart of the host. One process only may use it. It holds phone numbers, and
   * is made readable by its owner alone. Default: none, the queue is in memory.
   */
  readonly queueFile?: string | undefined;
  /** Callbacks that may wait; beyond it the oldest is dropped. Default: 10,000. */
  readonly maxItems?: number;
  /** Bytes that may wait; beyond it the oldest is dropped. Default: 16 MiB. */
  readonly maxBytes?: number;
  /** Milliseconds after which a waiting callback is given up. Default: 24 hours. */
  readonly maxAgeMs?: number;
  /** Milliseconds that Ringside may take to answer. Default: 10,000. */
  readonly timeoutMs?: number;
  /** Requests to Ringside at a time. Default: 16. */
  readonly concurrency?: number;
  /** Milliseconds that `close()` may take to deliver what waits. Default: 5,000. */
  readonly closeWithinMs?: number;
}

/** Options with every default filled in. */
export interface TeeSettings extends NoticeHandlers {
  /** Where callbacks are posted. */
  readonly endpoint: string;
  readonly key: string;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly match: (request: SeenRequest) => boolean;
  readonly queueFile: string | null;
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly closeWithinMs: number;
}

const defaults = {
  maxItems: 10_000,
  maxBytes: 16 * 1024 * 1024,
  maxAgeMs: 24 * 60 * 60 * 1_000,
  timeoutMs: 10_000,
  concurrency: 16,
  closeWithinMs: 5_000,
};

/** @throws TypeError that names the option which cannot be used. The only error a tee throws, and only when wired. */
export function settingsOf(options: TeeOptions): TeeSettings {
  if (typeof options.key !== 'string' || options.key === '')
    throw new TypeError('ringside tee: key must be an API key');
  const { onDrop, onRefused, onProblem } = options;
  return {
    endpoint: `${baseUrl('url', options.url)}/v1/providers/plivo/raw`,
    key: options.key,
    publicUrl: baseUrl('publicUrl', options.publicUrl),
    match: options.match ?? isSigned,
    queueFile: options.queueFile ?? null,
    maxItems: positive('maxItems', options.maxItems),
    maxBytes: positive('maxBytes', options.maxBytes),
    maxAgeMs: positive('maxAgeMs', options.maxAgeMs),
    timeoutMs: positive('timeoutMs', options.timeoutMs),
    concurrency: positive('concurrency', options.concurrency),
    closeWithinMs: positive('closeWithinMs', options.closeWithinMs),
    ...(onDrop && { onDrop }),
    ...(onRefused && { onRefused }),
    ...(onProblem && { onProblem }),
  };
}

/** Kept as it is written, not normalised: a signature covers the very characters. */
function baseUrl(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol) || /[?#]/.test(value)) {
    throw new TypeError(`ringside tee: ${name} must be an http or https URL without query and fragment`);
  }
  return value.replace(/\/+$/, '');
}

function positive(name: keyof typeof defaults, value: number = defaults[name]): number {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new TypeError(`ringside tee: ${name} must be a whole number from 1`);
  return value;
}
