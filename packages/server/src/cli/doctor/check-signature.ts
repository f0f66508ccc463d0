import { createHmac, randomUUID } from 'node:crypto';
import type { Config } from '../../config/options.ts';
import { parseForm } from '../../providers/plivo/form.ts';
import { signedText } from '../../providers/plivo/signature.ts';
import type { Check } from './check.ts';

const name = 'signature';
const TIMEOUT_MS = 5_000;
const PATH = '/plivo/ring-url?campId=testcall';

/** The server whose signature set-up is tried out. */
export interface SignatureTrial {
  readonly config: Config;
  readonly isRunning: boolean;
  /** A key for `/v1/intake`, which says what the server computed; `null` without one. */
  readonly key: string | null;
}

/**
 * Sends a signed callback the way that Plivo would: to the public URL, from outside as far as this machine can. It is
 * of no campaign, so it changes no report.
 */
export async function checkSignature(trial: SignatureTrial): Promise<readonly Check[]> {
  const { config, isRunning } = trial;
  const [token] = config.plivoAuthTokens;
  if (!isRunning) return [{ name, status: 'skipped', says: 'no server runs on this store' }];
  if (!token) return [{ name, status: 'skipped', says: 'PLIVO_AUTH_TOKEN is not set' }];
  const bases = config.publicUrls.length > 0 ? config.publicUrls : [localUrl(config)];
  return Promise.all(bases.map((base) => tryOne(base, token, trial)));
}

async function tryOne(base: string, token: string, trial: SignatureTrial): Promise<Check> {
  let response: Response;
  try {
    response = await send(base, token);
  } catch (error) {
    const reason = (error as { cause?: Error }).cause?.message ?? (error as Error).message;
    const todo = 'Look at DNS, firewall and proxy. If only this machine cannot reach it, try from another.';
    return { name, status: 'failed', says: `${base} cannot be reached: ${reason}`, todo };
  }
  if (response.status === 200) return { name, status: 'ok', says: `a signed test callback to ${base} was accepted` };
  if (response.status === 403) return refused(base, trial);
  const todo = 'Does the proxy pass /plivo on to Ringside, unchanged?';
  return { name, status: 'failed', says: `${base} answered ${response.status} to a signed test callback`, todo };
}

/** The server knows for which URL it computed the signature; that is most of the answer. */
async function refused(base: string, { config, key }: SignatureTrial): Promise<Check> {
  const says = `a test callback signed with PLIVO_AUTH_TOKEN for ${base} was refused (403)`;
  const computed = key === null ? null : await computedUrl(config, base, key);
  if (computed !== null) {
    const todo =
      computed === `${base}${PATH.split('?', 1)[0]}`
        ? 'The URLs agree, so the tokens do not: does the server run with this PLIVO_AUTH_TOKEN?'
        : 'Set the same PUBLIC_URL for the server, and restart it.';
    return { name, status: 'failed', says: `${says}; the server computed the signature for ${computed}`, todo };
  }
  const todo =
    'Does the server run with this PLIVO_AUTH_TOKEN and PUBLIC_URL? With --key, an API key, this shows what it computed.';
  return { name, status: 'failed', says, todo };
}

async function computedUrl(config: Config, base: string, key: string): Promise<string | null> {
  for (const server of [localUrl(config), base]) {
    try {
      const response = await fetch(`${server}/v1/intake`, {
        headers: { authorization: `Bearer ${key}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { lastRefusal } = (await response.json()) as { lastRefusal?: { url: string } | null };
      if (lastRefusal) return lastRefusal.url;
    } catch {
      // The other address may answer.
    }
  }
  return null;
}

function send(base: string, token: string): Promise<Response> {
  const id = randomUUID();
  const body = new URLSearchParams({
    CallStatus: 'ringing',
    CallUUID: id,
    Direction: 'outbound',
    Event: 'Ring',
    From: '12025550100',
    RequestUUID: id,
    To: '12025550199',
  }).toString();
  const url = base + PATH;
  const nonce = randomUUID();
  const text = signedText({ method: 'POST', url, body: parseForm(body), nonce });
  return fetch(url, {
    method: 'POST',
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-plivo-signature-v3': createHmac('sha256', token).update(text).digest('base64'),
      'x-plivo-signature-v3-nonce': nonce,
    },
  });
}

/** Where a server with this configuration listens, seen from this machine. */
export function localUrl({ host, port }: Config): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${reached}:${port}`;
}
