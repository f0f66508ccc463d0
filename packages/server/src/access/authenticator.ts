import { randomBytes } from 'node:crypto';
import type { Effects } from '../effects.ts';
import type { Bearer } from '../store/access/grants.ts';
import type { AuditNote, StoredShareLink } from '../store/access/records.ts';
import type { AccessStore } from '../store/access/work.ts';
import type { HostLogins } from './host-login.ts';
import { type Principal, principalOf } from './principal.ts';
import { hashOf, newSecret } from './secrets.ts';

/** What was found out is believed for so long, should nobody notice a change before: see {@link AccessWatch}. */
const CACHE_MS = 1_000;
const SESSION_MS = 12 * 60 * 60_000;
const SIGN_IN_MS = 60 * 60_000;
const TICKET_MS = 30_000;
const MOST_CACHED = 10_000;
/** Longer ones are looked up each time: anybody may send them, and they would fill the memory. */
const LONGEST_CACHED = 4_096;

/**
 * While storage is away, a key that was seen to be valid is believed for so long, for taking in events alone. That it
 * was revoked meanwhile cannot be seen.
 */
export const REMEMBERED_MS = 15 * 60_000;
const MOST_REMEMBERED = 1_000;

/** Why somebody is not let in, in words for them. */
export interface Denial {
  readonly denied: string;
}

export type Authentication = Principal | Denial;

interface Remembered {
  readonly principal: Principal;
  /** When storage was asked last; as what follows, of the clock that only goes forward. */
  readonly at: number;
}

interface Cached {
  readonly found: Authentication;
  readonly until: number;
}

/** What a session is started with. */
export type SessionOwner = Pick<Bearer, 'workspace' | 'keyId' | 'login'> & {
  readonly expiresAt: number | null;
};

/** Turns keys, tokens of the host, cookies, tickets and one-time links into principals. */
export class Authenticator {
  readonly #store: AccessStore;
  readonly #logins: HostLogins;
  readonly #now: Effects['now'];
  readonly #monotonic: Effects['monotonic'];
  readonly #cache = new Map<string, Cached>();
  readonly #signInTokens = new Map<string, { bearer: Bearer; until: number }>();
  readonly #used = new Map<string, number>();
  /** Keys that may take in events, by hash; the one that was seen last comes last. */
  readonly #remembered = new Map<string, Remembered>();
  /** Counts up whenever somebody's access has changed. */
  #generation = 0;

  constructor(store: AccessStore, logins: HostLogins, { now, monotonic }: Pick<Effects, 'now' | 'monotonic'>) {
    this.#store = store;
    this.#logins = logins;
    this.#now = now;
    this.#monotonic = monotonic;
  }

  /** @param proof an API key or a token of the host, as sent in `Authorization: Bearer` */
  byBearer(proof: string): Authentication | Promise<Authentication> {
    return this.#cached(`bearer ${proof}`, () =>
      this.#logins.mayRead(proof) ? this.#byLogin(proof) : this.#byKey(proof),
    );
  }

  /** @param session the value of a session cookie @param shareId the link whose pages the cookie is for */
  bySession(session: string, shareId: string | null): Authentication | Promise<Authentication> {
    return this.#cached(`session ${shareId ?? ''} ${session}`, async () => {
      const grant = await this.#store.grantOfSession(hashOf(session), this.#now());
      const isFor = grant?.link?.id ?? null;
      return grant && isFor === shareId ? principalOf(grant, true) : denied('The session has ended. Sign in again.');
    });
  }

  /** Uses a ticket up. @param origin the page that asks */
  async byTicket(ticket: string, origin: string | null): Promise<Authentication> {
    let generation = this.#generation;
    const grant = await this.#store.takeTicket(hashOf(ticket), origin, this.#now());
    let found = grant && principalOf(grant, false);
    while (found && generation !== this.#generation) {
      generation = this.#generation;
      found = await this.again(found);
    }
    return found ?? denied('The ticket is not valid, was used, or is for another page.');
  }

  /** Whether somebody who was let in still is, and as what. */
  async again({ bearer, byCookie, expiresAt }: Principal): Promise<Principal | null> {
    const now = this.#now();
    if (expiresAt !== null && expiresAt <= now) return null;
    const grant = await this.#store.grantOf(bearer, now);
    return grant && { ...principalOf(grant, byCookie), expiresAt };
  }

  /** A one-time token for the sign-in link that is printed at the start. */
  signInToken(bearer: Bearer): string {
    const token = randomBytes(24).toString('base64url');
    this.#signInTokens.set(hashOf(token), { bearer, until: this.#monotonic() + SIGN_IN_MS });
    return token;
  }

  /** Uses a one-time token up. @returns whom it stands for, or `null` */
  async redeem(token: string): Promise<SessionOwner | null> {
    const hash = hashOf(token);
    const found = this.#signInTokens.get(hash);
    this.#signInTokens.delete(hash);
    if (!found || found.until <= this.#monotonic()) return null;
    const grant = await this.#store.grantOf(found.bearer, this.#now());
    return grant && { ...found.bearer, expiresAt: grant.key?.expiresAt ?? null };
  }

  /** Starts a session. @returns the cookie's value and its life in seconds */
  async startSession(owner: SessionOwner, audit: AuditNote): Promise<{ session: string; seconds: number }> {
    const now = this.#now();
    const session = newSecret();
    const { workspace, keyId, login } = owner;
    const expiresAt = Math.min(now + SESSION_MS, owner.expiresAt ?? Number.POSITIVE_INFINITY);
    const row = { workspace, keyId, shareId: null, login, origin: null, parentHash: null, expiresAt };
    await this.#store.addSession({ hash: hashOf(session), kind: 'session', ...row }, now, audit);
    return { session, seconds: secondsUntil(expiresAt, now) };
  }

  /**
   * Opens a share link. All who open it share one session, made of the link's secret, which lasts as long as the link: so
   * however often it is opened, one row is stored, and nothing at all where that is known and nothing is to be recorded.
   * @returns the cookie's value and its life in seconds
   */
  async openLink(
    { id, workspace, expiresAt }: Pick<StoredShareLink, 'id' | 'workspace' | 'expiresAt'>,
    secret: string,
    audit: AuditNote | null,
  ): Promise<{ session: string; seconds: number }> {
    const now = this.#now();
    const session = hashOf(`session of ${secret}`);
    const opened = { session, seconds: secondsUntil(expiresAt, now) };
    const hash = hashOf(session);
    if (audit === null && (await this.#store.grantOfSession(hash, now))) return opened;
    const row = { workspace, keyId: null, shareId: id, login: null, origin: null, parentHash: null, expiresAt };
    await this.#store.addSession({ hash, kind: 'session', ...row }, now, audit);
    await this.#store.usedShareLink(id, now);
    return opened;
  }

  async endSession(session: string, audit: AuditNote): Promise<void> {
    await this.#store.endSession(hashOf(session), audit);
    this.forget();
  }

  /** A pass for one connection of a page. @returns it and when it ends, epoch milliseconds */
  async makeTicket({ bearer }: Principal, origin: string | null): Promise<{ ticket: string; expiresAt: number }> {
    const now = this.#now();
    const ticket = newSecret();
    const expiresAt = now + TICKET_MS;
    const { sessionHash: parentHash, ...owner } = bearer;
    await this.#store.addSession(
      { hash: hashOf(ticket), kind: 'ticket', ...owner, origin, parentHash, expiresAt },
      now,
      null,
    );
    return { ticket, expiresAt };
  }

  /** Somebody's access has changed: nothing that was found out before is believed any more. */
  forget(): void {
    this.#generation += 1;
    this.#cache.clear();
  }

  /** What was found out of a key before storage went away, for taking in events and nothing else. */
  remembered(key: string): Principal | null {
    const known = this.#remembered.get(hashOf(key));
    if (!known || known.at + REMEMBERED_MS <= this.#monotonic()) return null;
    const { expiresAt } = known.principal;
    return expiresAt !== null && expiresAt <= this.#now() ? null : known.principal;
  }

  /** Somebody's access has changed: asks anew for every remembered key. */
  async askAgain(): Promise<void> {
    const asked = [...this.#remembered].map(async ([hash, { principal }]) => {
      const still = await this.again(principal);
      this.#remember(hash, still);
    });
    await Promise.all(asked);
  }

  /** Keys that were used since this was last asked, and when. */
  takeUses(): (readonly [id: string, at: number])[] {
    const uses = [...this.#used];
    this.#used.clear();
    return uses;
  }

  async #byKey(key: string): Promise<Authentication> {
    const now = this.#now();
    const hash = hashOf(key);
    const grant = await this.#store.grantOfKey(hash, now);
    if (!grant?.key) {
      this.#remember(hash, null);
      return denied('This key is not known, has expired, or was revoked.');
    }
    this.#used.set(grant.key.id, now);
    const principal = principalOf(grant, false);
    this.#remember(hash, principal);
    return principal;
  }

  #remember(hash: string, principal: Principal | null): void {
    this.#remembered.delete(hash);
    if (!principal?.permissions.has('ingest')) return;
    this.#remembered.set(hash, {
      principal: { ...principal, permissions: ingestOnly, isRemembered: true },
      at: this.#monotonic(),
    });
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MOST_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
  }

  async #byLogin(token: string): Promise<Authentication> {
    const now = this.#now();
    const read = await this.#logins.read(token, now);
    if ('denied' in read) return read;
    const { workspace, login, expiresAt } = read;
    const grant = await this.#store.grantOf({ workspace, login, keyId: null, shareId: null, sessionHash: null }, now);
    if (!grant) return denied(`There is no workspace ${workspace} here, or it is closed.`);
    return { ...principalOf(grant, false), expiresAt };
  }

  #cached(proof: string, find: () => Promise<Authentication>): Authentication | Promise<Authentication> {
    const known = this.#cache.get(proof);
    if (known && known.until > this.#monotonic()) return known.found;
    const generation = this.#generation;
    return find().then((found) => {
      // It may have been read before the change, and nobody would look at it again.
      if (generation !== this.#generation) return this.#cached(proof, find);
      if (proof.length > LONGEST_CACHED) return found;
      if (this.#cache.size >= MOST_CACHED) this.#cache.clear();
      const ends = 'denied' in found ? null : found.expiresAt;
      const lastsMs = Math.min(CACHE_MS, ends === null ? CACHE_MS : ends - this.#now());
      this.#cache.set(proof, { found, until: this.#monotonic() + lastsMs });
      return found;
    });
  }
}

function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.floor((at - now) / 1000));
}

const ingestOnly: Principal['permissions'] = new Set(['ingest']);

function denied(why: string): Denial {
  return { denied: why };
}
