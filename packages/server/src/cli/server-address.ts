import { Health } from '@ringside/protocol';
import { type Config, loadConfig } from '../config/options.ts';
import type { CliContext } from './context.ts';
import { isLoopback } from './doctor/check-configuration.ts';
import { CliError } from './terminal.ts';

const TIMEOUT_MS = 5_000;
const GIVE_ONE = 'give --url or RINGSIDE_URL';

/** How a command is told which server to ask. */
export const urlOption = [
  '--url <url>',
  'the server (or RINGSIDE_URL; default: the one on this machine, by HOST and PORT)',
] as const;

/**
 * The server that a command sends its key to. A given address is believed. The default one is asked first whether
 * Ringside is there: any program may listen on that port, and would receive the key.
 */
export async function serverAddress(url: string | undefined, context: CliContext): Promise<string> {
  const given = givenAddress(url, context);
  if (given !== null) return given;
  const base = localUrl(loadConfig(context.env));
  const answer = await askHealth(base);
  if (answer === 'none') throw new CliError(`no server answers at ${base}: start it, or ${GIVE_ONE}`);
  if (answer === 'other')
    throw new CliError(`${base} does not answer as Ringside does, so no key was sent: ${GIVE_ONE}`);
  return base;
}

/** The address of `--url`, else of RINGSIDE_URL; `null` without either. */
export function givenAddress(url: string | undefined, { env, terminal }: CliContext): string | null {
  const address = url ?? (env.RINGSIDE_URL || null);
  if (address === null) return null;
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    const name = url === undefined ? 'RINGSIDE_URL' : '--url';
    throw new CliError(`${name} must be the URL of a server, such as https://ringside.example.com`);
  }
  const { protocol, hostname } = new URL(address);
  if (protocol === 'http:' && !isLoopback(hostname))
    terminal.err(`warning: the key travels to ${hostname} in the clear; use https\n`);
  return address.replace(/\/+$/, '');
}

/** Where a server with this configuration listens, seen from this machine. */
export function localUrl({ host, port }: Config): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${reached}:${port}`;
}

/** Whether a Ringside server answers at an address, another program, or nobody. No key is sent. */
export async function askHealth(base: string): Promise<'ringside' | 'other' | 'none'> {
  let response: Response;
  try {
    response = await fetch(`${base}/healthz`, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    // A program that accepts the connection, and then speaks no HTTP or nothing at all, is another one.
    return isUnreachable(error) ? 'none' : 'other';
  }
  return Health.safeParse(await response.json().catch(() => null)).success ? 'ringside' : 'other';
}

function isUnreachable(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  return code !== undefined && /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code);
}
