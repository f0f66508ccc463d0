import { existsSync } from 'node:fs';
import { LARGEST_KEY_SET_BYTES } from '../../access/host-login.ts';
import { CannotOpen, SecretBox, secretKeyFile, secretKeyOf } from '../../access/secret-box.ts';
import { boundedBytes } from '../../bounded-answer.ts';
import type { Config } from '../../config/options.ts';
import { ownerOf } from '../../providers/accounts.ts';
import { accounts as accountSteps } from '../../store/access/accounts.ts';
import type { StoredAccount } from '../../store/access/records.ts';
import { rowOf, type Steps } from '../../store/access/steps.ts';
import { counted } from '../terminal.ts';
import type { Check } from './check.ts';
import { isLoopback } from './check-configuration.ts';

const JWKS_TIMEOUT_MS = 5_000;

/** A provider account whose tokens could be opened. */
export interface OpenAccount {
  readonly workspace: string;
  readonly authId: string;
  /** The one that is used to ask the provider. */
  readonly token: string;
}

/** Who may get in, and whether what is sealed can be opened. */
export function* checkStoredAccess(
  config: Config,
  now: number,
): Steps<{ readonly checks: readonly Check[]; readonly accounts: readonly OpenAccount[] }> {
  const { check, accounts } = checkSecretKey(yield* accountSteps(), config);
  return { checks: [check, yield* checkKeys(now)], accounts };
}

function checkSecretKey(
  stored: readonly StoredAccount[],
  config: Config,
): { readonly check: Check; readonly accounts: readonly OpenAccount[] } {
  const name = 'secret key';
  const setting = config.secretKey === null ? secretKeyFile(config.dataDir) : 'RINGSIDE_SECRET_KEY';
  // Only the server makes a key.
  const hasKey = config.secretKey !== null || existsSync(secretKeyFile(config.dataDir));
  const box = hasKey ? new SecretBox(secretKeyOf(config.secretKey, config.dataDir)) : null;
  const opened = stored.map((account) => ({ account, token: box && newestToken(box, account) }));
  const shut = opened.filter(({ token }) => token === null);
  const accounts = opened.flatMap(({ account: { workspace, authId }, token }) =>
    token === null ? [] : [{ workspace, authId, token }],
  );
  if (shut.length > 0) {
    const ids = shut.map(({ account }) => account.authId).join(', ');
    const says = `tokens of ${counted(shut.length, 'provider account')} cannot be opened with ${setting}: ${ids}`;
    const todo = 'Set the RINGSIDE_SECRET_KEY that they were sealed with, or add the tokens again.';
    return { check: { name, status: 'failed', says, todo }, accounts };
  }
  const fine = `${counted(stored.length, 'stored provider account')}, all opened`;
  if (config.secretKey !== null || stored.length === 0) return { check: { name, status: 'ok', says: fine }, accounts };
  const says = `${fine}, but RINGSIDE_SECRET_KEY is not set: the key lies beside the store, in ${setting}`;
  const todo = 'Move it from that file to the setting, so that a copy of the data folder opens nothing.';
  return { check: { name, status: 'warning', says, todo }, accounts };
}

function newestToken(box: SecretBox, account: StoredAccount): string | null {
  try {
    const [newest] = account.tokens.map(({ sealed }) => box.open(sealed, ownerOf(account)));
    return newest ?? null;
  } catch (error) {
    if (error instanceof CannotOpen) return null;
    throw error;
  }
}

function* checkKeys(now: number): Steps<Check> {
  const name = 'keys';
  const row = yield* rowOf<{ valid: number; expired: number; admins: number }>(
    `SELECT count(*) AS valid, count(*) FILTER (WHERE expires_at <= $1) AS expired,
            count(*) FILTER (WHERE role = 'admin' AND workspace = 'default' AND coalesce(expires_at > $1, true)) AS admins
     FROM api_keys WHERE revoked_at IS NULL`,
    now,
  );
  const { valid: unrevoked, expired, admins } = row ?? { valid: 0, expired: 0, admins: 0 };
  if (admins === 0) {
    const todo = 'Start the server with RINGSIDE_ADMIN_KEY set to a new long random text.';
    return { name, status: 'warning', says: 'no key can look after the workspaces', todo };
  }
  const valid = counted(unrevoked - expired, 'valid key');
  if (expired === 0) return { name, status: 'ok', says: valid };
  const todo = 'Look whether somebody still uses them (ringside key list), then revoke them.';
  return { name, status: 'warning', says: `${valid}, ${expired} expired but not revoked`, todo };
}

/** Whether logins of the host application are checked for all that they say. */
export async function checkHostLogins(config: Config): Promise<readonly Check[]> {
  const name = 'logins';
  const { jwtSecret, jwtJwksUrl, jwtIssuer, jwtAudience } = config;
  if (jwtSecret === '' && jwtJwksUrl === '') return [];
  const checks: Check[] = [];
  const unset = [jwtIssuer === '' ? 'JWT_ISSUER' : null, jwtAudience === '' ? 'JWT_AUDIENCE' : null].filter(Boolean);
  if (unset.length > 0) {
    const says = `${unset.join(' and ')} not set: a token that the host made for another purpose is believed too`;
    const todo = 'Set them to the iss and aud that the host puts into tokens for Ringside.';
    checks.push({ name, status: 'warning', says, todo });
  }
  if (jwtJwksUrl !== '') checks.push(...(await checkKeySet(name, jwtJwksUrl)));
  if (jwtJwksUrl !== '' && jwtSecret !== '') {
    const todo = 'Remove JWT_SECRET.';
    checks.push({ name, status: 'warning', says: 'JWT_SECRET is not used: JWT_JWKS_URL is set too', todo });
  }
  if (checks.length > 0) return checks;
  const by = jwtJwksUrl === '' ? 'JWT_SECRET' : `the key set of ${jwtJwksUrl}`;
  return [{ name, status: 'ok', says: `checked with ${by}, issuer and audience` }];
}

async function checkKeySet(name: string, url: string): Promise<Check[]> {
  const { protocol, hostname } = new URL(url);
  const fault = await keySetFault(url);
  if (fault !== null) {
    const todo = 'Look at DNS, firewall and the URL: without it nobody gets in by a login of the host.';
    return [{ name, status: 'failed', says: `the key set at ${url} cannot be used: ${fault}`, todo }];
  }
  if (protocol === 'https:' || isLoopback(hostname)) return [];
  const todo = 'Use https: who can change the answer on its way can let themselves in.';
  return [{ name, status: 'warning', says: `the key set at ${url} travels in the clear`, todo }];
}

async function keySetFault(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(JWKS_TIMEOUT_MS) });
    if (!response.ok) return `it answers ${response.status}`;
    const set = JSON.parse(String(await boundedBytes(response, LARGEST_KEY_SET_BYTES))) as { keys?: unknown };
    return Array.isArray(set.keys) && set.keys.length > 0 ? null : 'it holds no keys';
  } catch (error) {
    return (error as { cause?: Error }).cause?.message ?? (error as Error).message;
  }
}
