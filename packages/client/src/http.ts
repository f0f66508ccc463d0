import type { Problem } from '@ringside/protocol';
import { RingsideError } from './errors.ts';
import type { ServerClock } from './server-clock.ts';

export type Fetch = typeof globalThis.fetch;

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
  readonly #key: string | undefined;
  readonly #clock: Pick<ServerClock, 'hear'>;

  /** @param base URL of the server without a slash at its end @param clock receives the `Date` of each answer */
  constructor(base: string, fetch: Fetch, key: string | undefined, clock: Pick<ServerClock, 'hear'>) {
    this.#base = base;
    this.#fetch = fetch;
    this.#key = key;
    this.#clock = clock;
  }

  get authorization(): Record<string, string> {
    return this.#key === undefined ? {} : { authorization: `Bearer ${this.#key}` };
  }

  /** @throws RingsideError for every answer but 2xx and 304, and when there is none */
  async send(path: string, request: HttpRequest = {}): Promise<Response> {
    const { method = 'GET', body, headers, signal } = request;
    const init: RequestInit = {
      method,
      headers: {
        ...this.authorization,
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
    if (response.ok || response.status === 304) return response;
    throw await errorOf(response);
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
  if (problem?.code) return new RingsideError(problem.code, problem.detail, { status, problem });
  return new RingsideError('unreadable', `Something answered ${status} that is not Ringside.`, { status });
}
