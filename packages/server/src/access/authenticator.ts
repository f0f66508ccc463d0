import { createHash, randomBytes } from 'node:crypto';
import type { Store, StoredKey } from '../store/store.ts';
import type { Principal } from './principal.ts';

const CACHE_MS = 1_000;
const SESSION_MS = 12 * 60 * 60_000;
const SIGN_IN_MS = 60 * 60_000;
const MOST_CACHED = 10_000;

interface Cached {
  readonly principal: Principal | null;
  readonly until: number;
}

/** Turns keys, cookies and one-time tokens into principals. Answers are kept for a second, so revoking is quick. */
export class Authenticator {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #cache = new Map<string, Cached>();
  readonly #signInTokens = new Map<string, { keyId: string; until: number }>();

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** @param key an API key as sent in `Authorization: Bearer` */
  byKey(key: string): Principal | null | Promise<Principal | null> {
    return this.#cached(`key ${key}`, async () => {
      const found = await this.#store.findKey(hashOf(key));
      return found && this.#alive(found) ? principalOf(found, 'key') : null;
    });
  }

  /** @param session the value of the session cookie */
  bySession(session: string): Principal | null | Promise<Principal | null> {
    return this.#cached(`session ${session}`, async () => {
      const found = await this.#store.findSession(hashOf(session), this.#now());
      return found && this.#alive(found) ? principalOf(found, 'session') : null;
    });
  }

  /** A one-time token for the sign-in link that is printed at the start. */
  signInToken(keyId: string): string {
    const token = randomBytes(24).toString('base64url');
    this.#signInTokens.set(hashOf(token), { keyId, until: this.#now() + SIGN_IN_MS });
    return token;
  }

  /** Uses a one-time token up. @returns the key it stands for, or `null` */
  redeem(token: string): string | null {
    const hash = hashOf(token);
    const found = this.#signInTokens.get(hash);
    this.#signInTokens.delete(hash);
    return found && found.until > this.#now() ? found.keyId : null;
  }

  /** Starts a session of a key. @returns the cookie's value and its life in seconds */
  async startSession(keyId: string): Promise<{ session: string; seconds: number }> {
    const session = randomBytes(32).toString('base64url');
    await this.#store.addSession(hashOf(session), keyId, this.#now() + SESSION_MS);
    return { session, seconds: SESSION_MS / 1000 };
  }

  async endSession(session: string): Promise<void> {
    await this.#store.removeSession(hashOf(session));
    this.#cache.delete(`session ${session}`);
  }

  #alive(key: StoredKey): boolean {
    return key.expiresAt === null || key.expiresAt > this.#now();
  }

  #cached(proof: string, find: () => Promise<Principal | null>): Principal | null | Promise<Principal | null> {
    const known = this.#cache.get(proof);
    if (known && known.until > this.#now()) return known.principal;
    return find().then((principal) => {
      if (this.#cache.size >= MOST_CACHED) this.#cache.clear();
      this.#cache.set(proof, { principal, until: this.#now() + CACHE_MS });
      return principal;
    });
  }
}

/** SHA-256 of a random secret; such a secret needs no slow hash. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** A new API key: 256 random bits behind a prefix that secret scanners can know. */
export function newKey(): string {
  return `rsk_${randomBytes(32).toString('base64url')}`;
}

function principalOf(key: StoredKey, via: Principal['via']): Principal {
  return { workspace: key.workspace, keyId: key.id, role: key.role, ingestOnly: key.ingestOnly, via };
}
