import type { Problem } from '@ringside/protocol';
import { RingsideError } from './errors.ts';
import type { ServerClock } from './server-clock.ts';

export type Fetch = typeof globalThis.fetch;

/**
 * An API key or a JWT; or what gets one. It is called first, and again when the server accepts the previous one no longer.
 */
export type Key = string | (() => string | Promise<string>);

export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** Requests to one server, with its key and its errors. */
export class Http {
  readonly #base: string;
  readonly #fetch: Fetch;
  readonly #key: Key | undefined;
  readonly #clock: Pick<ServerClock, 'hear'>;
  /** The key in use, where a function gets it. */
  #current: Promise<string> | null = null;

  /** @param base URL of the server without a slash at its end @param clock is told the time of each answer */
  constructor(base: string, fetch: Fetch, key: Key | undefined, clock: Pick<ServerClock, 'hear'>) {
    this.#base = base;
    this.#fetch = fetch;
    this.#key = key;
    this.#clock = clock;
  }

  /** Whether a key that is refused can be replaced by another. */
  get canRenew(): boolean {
    return typeof this.#key === 'function';
  }

  /** @throws RingsideError for every answer but 2xx and 304, and when there is none */
  async send(path: string, request: HttpRequest = {}): Promise<Response> {
    const used = this.#inUse();
    let response = await this.#ask(path, request, await used);
    if (response.status === 401 && used !== undefined && this.canRenew) {
      const renewed = this.#renew(used);
      if ((await renewed) !== (await used)) response = await this.#ask(path, request, await renewed);
    }
    if (response.ok || response.status === 304) return response;
    throw await errorOf(response);
  }

  async #ask(path: string, request: HttpRequest, key: string | undefined): Promise<Response> {
    const { method = 'GET', body, headers, signal } = request;
    const init: RequestInit = {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    };
    const response = await this.#fetch(this.#base + path, init).catch((cause: unknown) => {
      throw new RingsideError('unreachable', 'Ringside does not answer. Check the address and the network.', { cause });
    });
    this.#clock.hear(response.headers.get('date'));
    return response;
  }

  #inUse(): Promise<string> | undefined {
    if (this.#key === undefined) return undefined;
    this.#current ??= this.#get(this.#key);
    return this.#current;
  }

  /** Another key in place of one that was refused; requests that were refused with the same key share it. */
  #renew(refused: Promise<string>): Promise<string> {
    if (this.#key !== undefined && (this.#current === refused || this.#current === null))
      this.#current = this.#get(this.#key);
    return this.#current ?? refused;
  }

  #get(key: Key): Promise<string> {
    const got = Promise.resolve(typeof key === 'function' ? key() : key).catch((cause: unknown) => {
      throw new RingsideError('no-key', 'The function that gets the key failed.', { cause });
    });
    // A failure is not kept: the next request asks again.
    got.catch(() => {
      if (this.#current === got) this.#current = null;
    });
    return got;
  }

  /** The JSON of an answer. */
  async json<T>(path: string, request?: HttpRequest): Promise<T> {
    return jsonOf<T>(await this.send(path, request));
  }
}

/** @throws RingsideError `unreadable` when it is no JSON, such as the page of a proxy */
export async function jsonOf<T>(response: Response): Promise<T> {
  const { status } = response;
  return (response.json() as Promise<T>).catch((cause: unknown) => {
    throw new RingsideError('unreadable', 'The answer is not JSON. Something between here and Ringside answered.', {
      status,
      cause,
    });
  });
}

async function errorOf(response: Response): Promise<RingsideError> {
  const { status } = response;
  const problem = (await response.json().catch(() => null)) as Problem | null;
  const retryAfterMs = retryAfter(response.headers.get('retry-after'));
  if (problem?.code) return new RingsideError(problem.code, problem.detail, { status, problem, retryAfterMs });
  const message = `Something answered ${status} that is not Ringside.`;
  return new RingsideError('unreadable', message, { status, retryAfterMs });
}

/** Whole seconds, as Ringside writes them. @returns milliseconds */
function retryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : null;
}
