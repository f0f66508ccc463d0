import { Readable } from 'node:stream';
import type { Problem } from '@ringside/protocol';
import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { keyFileOption, keyOf } from '../key-file.ts';
import { serverAddress, urlOption } from '../server-address.ts';
import { CliError } from '../terminal.ts';

const TIMEOUT_MS = 30_000;

/** Where a command asks, and by whose right. */
export interface ServerFlags {
  readonly url?: string;
  readonly keyFile?: string;
  readonly json?: boolean;
}

/** Gives a command what it needs to speak to a server. A key is no flag: everybody on a machine reads command lines. */
export function withServer(command: Command): Command {
  return command
    .option(...urlOption)
    .option(...keyFileOption)
    .option('--json', 'for programs');
}

/** A running server, asked with one key. Every method throws a {@link CliError} when it refuses. */
export interface AdminClient {
  get<T>(path: string): Promise<T>;
  send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** The pieces of a file. */
  file(path: string): Promise<AsyncIterable<Uint8Array>>;
  /** Sends a file of any length. @returns the pieces of what is answered */
  upload(path: string, sent: SentFile): Promise<AsyncIterable<Uint8Array>>;
}

/** A file on its way to the server. */
export interface SentFile {
  readonly pieces: AsyncIterable<Uint8Array>;
  readonly type: string;
  /** What it shall answer with. */
  readonly accept: string;
}

/** @throws CliError where no key is given, or the default address is not a Ringside server */
export async function adminClient(flags: ServerFlags, context: CliContext): Promise<AdminClient> {
  const base = await serverAddress(flags.url, context);
  const key = await keyOf(flags.keyFile, context);
  const ask = async (method: string, path: string, { body, ...init }: Asked = {}): Promise<Response> => {
    const response = await request(base, path, {
      ...init,
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    throw await refusal(base, response);
  };
  const piecesOf = ({ body }: Response): AsyncIterable<Uint8Array> => {
    if (!body) throw new CliError(`the server at ${base} sent nothing`);
    return body as unknown as AsyncIterable<Uint8Array>;
  };
  return {
    get: async (path) => (await ask('GET', path, { signal: AbortSignal.timeout(TIMEOUT_MS) })).json() as never,
    send: async (method, path, body) => {
      const response = await ask(method, path, { body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      return (response.status === 204 ? null : await response.json()) as never;
    },
    async file(path) {
      return piecesOf(await ask('GET', path));
    },
    async upload(path, { pieces, type, accept }) {
      const response = await request(base, path, {
        method: 'POST',
        redirect: 'manual',
        headers: { authorization: `Bearer ${key}`, 'content-type': type, accept },
        // The types of this stream are those of browsers.
        body: Readable.toWeb(Readable.from(pieces)) as unknown as ReadableStream,
        duplex: 'half',
      } as RequestInit);
      if (response.ok) return piecesOf(response);
      throw await refusal(base, response);
    },
  };
}

interface Asked {
  readonly body?: unknown;
  /** A file has as much time as it takes. */
  readonly signal?: AbortSignal;
}

async function request(base: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(base + path, init);
  } catch (error) {
    const reason = (error as { cause?: Error }).cause?.message ?? (error as Error).message;
    throw new CliError(`the server at ${base} cannot be reached: ${reason}. Start it, or give --url or RINGSIDE_URL`, {
      cause: error,
    });
  }
}

async function refusal(base: string, response: Response): Promise<CliError> {
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  if (!problem?.code)
    return new CliError(`${base} answered ${response.status}, and not as Ringside does: see --url and RINGSIDE_URL`);
  return new CliError(`the server refused (${problem.code}): ${problem.detail}`);
}
