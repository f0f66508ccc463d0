import type { Account } from '../providers/accounts.ts';
import type { DialedCampaign } from '../store/dialing/dial-store.ts';

/** A campaign, and the account that its workspace dials it with. */
export interface Placed {
  readonly campaign: DialedCampaign;
  readonly account: Account;
}

/** What one account at the provider dials. */
export interface AccountGroup {
  readonly account: Account;
  readonly campaigns: readonly DialedCampaign[];
}

/**
 * Campaigns by their account at the provider, which may be known to several workspaces and is one all the same. It is
 * dialed with one token, and only for workspaces that have this token too: whoever knows no more than somebody else's
 * auth id must not call at their expense.
 * @param tokenInUse by which an account is dialed already, which no other workspace's token puts an end to
 * @returns by auth id, and the campaigns whose workspace has another token
 */
export function groupByAccount(
  placed: readonly Placed[],
  tokenInUse: (authId: string) => string | undefined,
): { readonly groups: ReadonlyMap<string, AccountGroup>; readonly strange: readonly DialedCampaign[] } {
  const chosen = new Map<string, Account>();
  for (const { account } of placed) {
    const known = chosen.get(account.authId);
    const inUse = tokenInUse(account.authId) ?? '';
    if (!known || (account.tokens.includes(inUse) && !known.tokens.includes(inUse)))
      chosen.set(account.authId, account);
  }
  const groups = new Map<string, { readonly account: Account; readonly campaigns: DialedCampaign[] }>();
  const strange: DialedCampaign[] = [];
  for (const { campaign, account } of placed) {
    const group = groups.get(account.authId) ?? { account: chosen.get(account.authId) ?? account, campaigns: [] };
    groups.set(account.authId, group);
    // While a token is being replaced an account has both.
    if (account.tokens.some((token) => group.account.tokens.includes(token))) group.campaigns.push(campaign);
    else strange.push(campaign);
  }
  return { groups, strange };
}
