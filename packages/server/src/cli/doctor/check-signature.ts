import { createHmac, randomUUID } from 'node:crypto';
import type { Config } from '../../config/options.ts';
import { parseForm } from '../../providers/plivo/form.ts';
import { signedText } from '../../providers/plivo/signature.ts';
import { askHealth, localUrl } from '../server-address.ts';
import type { Check } from './check.ts';
import type { OpenAccount } from './check-access.ts';

const name = 'signature';
const TIMEOUT_MS = 5_000;
const QUERY = 'campId=testcall';
const PATH = '/plivo/ring-url';

/** The server whose signature set-up is tried out. */
export interface SignatureTrial {
  readonly config: Config;
  readonly accounts: readonly OpenAccount[];
  readonly isRunning: boolean;
  /** A key for `/v1/intake`, which says what the server computed; `null` without one. */
  readonly key: string | null;
}

/**
 * Sends a signed callback the way that Plivo would: to the public URL, from outside as far as this machine can. It is
 * of no campaign, so it changes no report.
 */
export async function checkSignature(trial: SignatureTrial): Promise<readonly Check[]> {
  const { config, accounts, isRunning } = trial;
  const signers = [...configuredSigner(config), ...accounts.map(storedSigner)];
  if (!isRunning) return [{ name, status: 'skipped', says: 'no server runs on this store' }];
  if (signers.length === 0)
    return [{ name, status: 'skipped', says: 'PLIVO_AUTH_TOKEN is not set and no provider account is stored' }];
  const bases = config.publicUrls.length > 0 ? config.publicUrls : [localUrl(config)];
  return Promise.all(bases.flatMap((base) => signers.map((signer) => tryOne(base, signer, trial))));
}

/** With what a test callback is signed, and where it goes. */
interface Signer {
  readonly token: string;
  readonly path: string;
  /** `ParentAuthID`, where the callback names its account. */
  readonly authId: string | null;
  /** What the operator knows the token as. */
  readonly says: string;
}

function configuredSigner({ plivoAuthTokens: [token] }: Config): Signer[] {
  return token ? [{ token, path: PATH, authId: null, says: 'PLIVO_AUTH_TOKEN' }] : [];
}

/** Several workspaces may have one account, so the URL names the workspace. */
function storedSigner({ workspace, authId, token }: OpenAccount): Signer {
  return { token, path: `/w/${workspace}${PATH}`, authId, says: `the token of ${authId}` };
}

async function tryOne(base: string, signer: Signer, trial: SignatureTrial): Promise<Check> {
  const url = base + signer.path;
  let response: Response;
  try {
    response = await send(url, signer);
  } catch (error) {
    const reason = (error as { cause?: Error }).cause?.message ?? (error as Error).message;
    const todo = 'Look at DNS, firewall and proxy. If only this machine cannot reach it, try from another.';
    return { name, status: 'failed', says: `${base} cannot be reached: ${reason}`, todo };
  }
  const { says } = signer;
  if (response.status === 200)
    return { name, status: 'ok', says: `a test callback to ${url} signed with ${says} was accepted` };
  if (response.status === 403) return refused(base, signer, trial);
  const todo = 'Does the proxy pass /plivo and /w on to Ringside, unchanged?';
  return { name, status: 'failed', says: `${url} answered ${response.status} to a signed test callback`, todo };
}

/** The server knows for which URL it computed the signature; that is most of the answer. */
async function refused(base: string, signer: Signer, { config, key }: SignatureTrial): Promise<Check> {
  const says = `a test callback signed with ${signer.says} for ${base} was refused (403)`;
  const computed = key === null ? null : await computedUrl(config, base, key);
  if (computed !== null) {
    const todo =
      computed === base + signer.path
        ? `The URLs agree, so the tokens do not: does the server know ${signer.says}?`
        : 'Set the same PUBLIC_URL for the server, and restart it.';
    return { name, status: 'failed', says: `${says}; the server computed the signature for ${computed}`, todo };
  }
  const todo = `Does the server know ${signer.says}, and run with this PUBLIC_URL? With an API key (--key-file or RINGSIDE_KEY) this shows what it computed.`;
  return { name, status: 'failed', says, todo };
}

async function computedUrl(config: Config, base: string, key: string): Promise<string | null> {
  for (const server of [localUrl(config), base]) {
    // Neither address was given for a key to be sent there.
    if ((await askHealth(server)) !== 'ringside') continue;
    try {
      const response = await fetch(`${server}/v1/intake`, {
        headers: { authorization: `Bearer ${key}` },
        redirect: 'manual',
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

function send(address: string, { token, authId }: Signer): Promise<Response> {
  const id = randomUUID();
  const body = new URLSearchParams({
    CallStatus: 'ringing',
    CallUUID: id,
    Direction: 'outbound',
    Event: 'Ring',
    From: '12025550100',
    RequestUUID: id,
    To: '12025550199',
    ...(authId === null ? {} : { ParentAuthID: authId }),
  }).toString();
  const nonce = randomUUID().replaceAll('-', '');
  const text = signedText({ method: 'POST', address, query: parseForm(QUERY), body: parseForm(body), nonce });
  return fetch(`${address}?${QUERY}`, {
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
