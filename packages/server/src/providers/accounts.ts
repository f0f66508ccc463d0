import type { AccountLimits } from '@ringside/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { CannotOpen, type SecretBox } from '../access/secret-box.ts';
import type { StoredAccount } from '../store/access/records.ts';
import type { AccessStore } from '../store/access/work.ts';
import { SIMULATION_WORKSPACE } from '../store/limits.ts';

/** An account at a voice provider, ready to be used. */
export interface Account {
  readonly id: string;
  readonly workspace: string;
  /** Empty for a configured account of which only the token is known. */
  readonly authId: string;
  /** Newest first; all are live while a token is being replaced. */
  readonly tokens: readonly string[];
  /** What the provider lets it do; `null`: what the settings say. */
  readonly limits: AccountLimits | null;
}

/** Whose callback it may be: as its URL and its own fields say. */
export interface Claim {
  /** `null`: its URL names none. */
  readonly workspace: string | null;
  /** `ParentAuthID`; `null` where a callback has none. */
  readonly authId: string | null;
  /** The workspace of URLs that name none, for callbacks that name no account either. */
  readonly usual: string;
}

/** What a sealed token belongs to. */
export function ownerOf({ workspace, id }: { readonly workspace: string; readonly id: string }): string {
  return `${workspace}/${id}`;
}

/** The provider accounts of all workspaces, in memory, as a callback is checked before anything is read. */
export class Accounts {
  readonly #store: Pick<AccessStore, 'accounts'>;
  readonly #box: SecretBox;
  readonly #configured: readonly Account[];
  readonly #log: Pick<FastifyBaseLogger, 'error'>;
  #stored: readonly Account[] = [];

  constructor(
    store: Pick<AccessStore, 'accounts'>,
    box: SecretBox,
    configured: Account | null,
    log: Pick<FastifyBaseLogger, 'error'>,
  ) {
    this.#store = store;
    this.#box = box;
    this.#configured = configured ? [configured] : [];
    this.#log = log;
  }

  /** Reads them anew. */
  async load(): Promise<void> {
    const stored = await this.#store.accounts();
    const usable = stored.filter(({ workspace }) => workspace !== SIMULATION_WORKSPACE);
    this.#stored = usable.map((account) => this.#open(account));
  }

  /** Accounts of a workspace, the configured one first. */
  of(workspace: string): Account[] {
    return this.#all().filter((account) => account.workspace === workspace);
  }

  /**
   * Accounts whose tokens may have signed a callback. Where it names its account, only that one counts; a
   * sub-account's callbacks name the account above it, so a workspace's sub-accounts (`SA…`) are tried where it has
   * not got that one. What another workspace says it has changes nothing for this one.
   */
  candidates({ workspace, authId, usual }: Claim): Account[] {
    const here = this.#all().filter((account) => workspace === null || account.workspace === workspace);
    if (authId === null) return here.filter((account) => account.workspace === (workspace ?? usual));
    const named = here.filter((account) => account.authId === authId || account.authId === '');
    const known = new Set(named.filter((account) => account.authId === authId).map((account) => account.workspace));
    const below = here.filter((account) => account.authId.startsWith('SA') && !known.has(account.workspace));
    return [...new Set([...named, ...below])];
  }

  /** True once there is an account at all. */
  get any(): boolean {
    return this.#all().some(({ tokens }) => tokens.length > 0);
  }

  #all(): readonly Account[] {
    return [...this.#configured, ...this.#stored];
  }

  /** A token that cannot be opened is left out: the others still count, and the log says what to do. */
  #open(account: StoredAccount): Account {
    const { id, workspace, authId, limits } = account;
    const tokens = account.tokens.flatMap(({ sealed }) => {
      try {
        return [this.#box.open(sealed, ownerOf(account))];
      } catch (error) {
        if (!(error instanceof CannotOpen)) throw error;
        this.#log.error({ account: id, reason: error.message }, 'a provider token cannot be opened; set it again');
        return [];
      }
    });
    return { id, workspace, authId, tokens, limits };
  }
}
