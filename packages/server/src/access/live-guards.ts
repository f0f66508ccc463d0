import type { Authenticator } from './authenticator.ts';
import type { Principal } from './principal.ts';

/** Why an open connection must end. `changed`: its owner may still look, but as somebody else. */
export type EndReason = 'revoked' | 'changed';

interface Guarded {
  readonly principal: Principal;
  readonly end: (why: EndReason) => void;
}

/** Whatever outlives its admission, and by whose leave it goes on. What a key or a person lost, they lose within a second. */
export class LiveGuards {
  readonly #authenticator: Pick<Authenticator, 'again'>;
  readonly #now: () => number;
  readonly #open = new Set<Guarded>();

  constructor(authenticator: Pick<Authenticator, 'again'>, now: () => number) {
    this.#authenticator = authenticator;
    this.#now = now;
  }

  /** How many are watched over. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Watches over a connection. Must be called in the turn of the event loop in which {@link Authenticator} answered: it
   * promises that nothing changed until then.
   * @returns what to call once the connection is closed
   */
  add(principal: Principal, end: (why: EndReason) => void): () => void {
    const guarded = { principal, end };
    this.#open.add(guarded);
    return () => this.#open.delete(guarded);
  }

  /** Ends what time alone has ended. */
  endExpired(): void {
    const now = this.#now();
    for (const { principal, end } of this.#open) {
      if (principal.expiresAt !== null && principal.expiresAt <= now) end('revoked');
    }
  }

  /** Asks anew for everybody who is connected, once for each proof. */
  async checkAll(): Promise<void> {
    const asked = new Map<string, Promise<Principal | null>>();
    const all = [...this.#open].map(async (guarded) => {
      const proof = JSON.stringify(guarded.principal.bearer);
      const answer = asked.get(proof) ?? this.#authenticator.again(guarded.principal);
      asked.set(proof, answer);
      judge(guarded, await answer);
    });
    await Promise.all(all);
  }
}

function judge({ principal, end }: Guarded, still: Principal | null): void {
  if (!still) end('revoked');
  else if (!mayTheSame(still, principal)) end('changed');
}

function mayTheSame(a: Principal, b: Principal): boolean {
  return a.permissions.size === b.permissions.size && [...a.permissions].every((each) => b.permissions.has(each));
}
