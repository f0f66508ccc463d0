import type { Effects } from '../../effects.ts';
import type { Account, Accounts } from '../accounts.ts';
import { type CallDetail, CallDetails } from './call-detail.ts';

/** Who can be asked about the calls of a workspace. */
export type WorkspaceDetails = Pick<CallDetails, 'find'>;

/** Asks the accounts of a workspace what became of a call. Each account has its own limit of requests. */
export class AccountDetails {
  readonly #accounts: Pick<Accounts, 'of'>;
  readonly #apiUrl: string;
  readonly #effects: Effects;
  readonly #known = new Map<string, { token: string; details: CallDetails }>();

  constructor(accounts: Pick<Accounts, 'of'>, apiUrl: string, effects: Effects) {
    this.#accounts = accounts;
    this.#apiUrl = apiUrl;
    this.#effects = effects;
  }

  /** @returns `null` for a workspace without an account that can be asked */
  of(workspace: string): WorkspaceDetails | null {
    const all = this.#accounts.of(workspace).flatMap((account) => this.#detailsOf(account) ?? []);
    return all.length === 0 ? null : { find: (id, signal) => findInAny(all, id, signal) };
  }

  #detailsOf({ id, authId, tokens: [token] }: Account): CallDetails | null {
    if (authId === '' || token === undefined) return null;
    const known = this.#known.get(id);
    if (known?.token === token) return known.details;
    const details = new CallDetails({ apiUrl: this.#apiUrl, authId, authToken: token }, this.#effects);
    this.#known.set(id, { token, details });
    return details;
  }
}

/** A call is of one account only. That there is none is known only when every account said so. */
async function findInAny(all: readonly CallDetails[], id: string, signal: AbortSignal): Promise<CallDetail> {
  let unknown: CallDetail | null = null;
  for (const details of all) {
    const found = await details.find(id, signal);
    if (found.kind === 'ended' || found.kind === 'live') return found;
    if (found.kind !== 'none') unknown = found;
  }
  return unknown ?? { kind: 'none' };
}
