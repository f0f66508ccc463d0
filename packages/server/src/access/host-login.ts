import { Role, WorkspaceId } from '@ringside/protocol';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { boundedFetch } from '../bounded-answer.ts';
import type { Config } from '../config/options.ts';
import type { Login } from '../store/access/records.ts';

/** Leeway for the clock of the host: a token counts this long beyond its `exp`, at the door and wherever it was let in. */
const LEEWAY_SECONDS = 30;
/** A key set has some kilobytes. */
export const LARGEST_KEY_SET_BYTES = 256 * 1024;
/** Public-key algorithms; with a key set, a token signed by a shared secret is never believed, nor the other way round. */
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA'];

const HAS_EXPIRED = 'The token has expired.';

/** What a token of the host application says. */
export interface HostLogin {
  readonly workspace: string;
  readonly login: Login;
  /** Epoch milliseconds, leeway included. */
  readonly expiresAt: number;
}

export type HostLoginResult = HostLogin | { readonly denied: string };

export type LoginSettings = Pick<
  Config,
  'jwtSecret' | 'jwtJwksUrl' | 'jwtIssuer' | 'jwtAudience' | 'jwtWorkspaceClaim' | 'jwtRoleClaim' | 'jwtRoles'
>;

/** Reads the JWTs of the host application, so that its front end uses its own login. */
export class HostLogins {
  readonly #settings: LoginSettings;
  readonly #keys: JWTVerifyGetKey | null;
  readonly #algorithms: string[];

  constructor(settings: LoginSettings) {
    this.#settings = settings;
    const { jwtSecret, jwtJwksUrl } = settings;
    if (jwtJwksUrl !== '') {
      this.#keys = createRemoteJWKSet(new URL(jwtJwksUrl), { [customFetch]: boundedFetch(LARGEST_KEY_SET_BYTES) });
      this.#algorithms = PUBLIC_KEY_ALGORITHMS;
    } else {
      const secret = new TextEncoder().encode(jwtSecret);
      this.#keys = jwtSecret === '' ? null : () => Promise.resolve(secret);
      this.#algorithms = ['HS256'];
    }
  }

  /** True for what may be a token of the host: three parts, and the host's key is known. */
  mayRead(token: string): boolean {
    return this.#keys !== null && token.split('.').length === 3;
  }

  /** @param now epoch milliseconds */
  async read(token: string, now: number): Promise<HostLoginResult> {
    if (!this.#keys) return { denied: 'Logins of a host application are not set up.' };
    const { jwtIssuer: issuer, jwtAudience: audience } = this.#settings;
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        algorithms: this.#algorithms,
        clockTolerance: LEEWAY_SECONDS,
        currentDate: new Date(now),
        requiredClaims: ['exp'],
        ...(issuer === '' ? {} : { issuer }),
        ...(audience === '' ? {} : { audience }),
      });
      return this.#loginOf(payload, now);
    } catch (error) {
      return { denied: reasonOf(error) };
    }
  }

  #loginOf(payload: JWTPayload, now: number): HostLoginResult {
    // The library counts in whole seconds; what is let in here must not have ended for those who look at it again.
    const expiresAt = ((payload.exp ?? 0) + LEEWAY_SECONDS) * 1000;
    if (expiresAt <= now) return { denied: HAS_EXPIRED };
    const { jwtWorkspaceClaim, jwtRoleClaim } = this.#settings;
    const workspace = WorkspaceId.safeParse(claimOf(payload, jwtWorkspaceClaim));
    if (!workspace.success) return { denied: `The token names no workspace in its claim ${jwtWorkspaceClaim}.` };
    const role = this.#roleOf(claimOf(payload, jwtRoleClaim));
    if (!role) return { denied: `The token's claim ${jwtRoleClaim} names no role that JWT_ROLES or Ringside knows.` };
    const subject = (payload.sub ?? 'unnamed').slice(0, 128);
    return { workspace: workspace.data, login: { subject, role, expiresAt }, expiresAt };
  }

  /** The highest role that is named; who has none may look. */
  #roleOf(claim: unknown): Role | null {
    if (claim === undefined || claim === null) return 'viewer';
    const named = [claim].flat().map((word) => this.#settings.jwtRoles.get(String(word)) ?? String(word));
    const known = Role.options.filter((role) => named.includes(role));
    return known.at(-1) ?? null;
  }
}

/** A claim, which may lie deeper: `app.client_id`. A claim whose own name has dots is found first. */
function claimOf(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let value: unknown = payload;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return HAS_EXPIRED;
  if (error instanceof errors.JWTClaimValidationFailed) return `The token's claim ${error.claim} is not accepted here.`;
  return 'The token is not valid.';
}
