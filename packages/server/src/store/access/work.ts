import { accounts, addAccount, changeAccount, removeAccount } from './accounts.ts';
import { accessVersion, auditEntries, note } from './audit.ts';
import { controlWebhook, putControlWebhook, removeControlWebhook } from './control-webhooks.ts';
import { erasures } from './erasures.ts';
import { addSession, endSession, grantOf, grantOfKey, grantOfSession, takeTicket } from './grants.ts';
import { addKey, addSoleKey, changeKey, hasKeys, keys, rotateKey, usedKeys } from './keys.ts';
import { addShareLink, revokeShareLink, shareLink, shareLinks, usedShareLink } from './share-links.ts';
import type { Steps } from './steps.ts';
import { addWorkspace, changeWorkspace, workspace, workspaces } from './workspaces.ts';

/** Everything that is done to the tables of access and administration, by name. Each is one transaction. */
export const accessWork = {
  accessVersion,
  note,
  auditEntries,
  workspaces,
  workspace,
  addWorkspace,
  changeWorkspace,
  hasKeys,
  keys,
  addKey,
  addSoleKey,
  changeKey,
  rotateKey,
  usedKeys,
  grantOfKey,
  grantOfSession,
  grantOf,
  takeTicket,
  addSession,
  endSession,
  accounts,
  addAccount,
  changeAccount,
  removeAccount,
  shareLinks,
  shareLink,
  addShareLink,
  revokeShareLink,
  usedShareLink,
  erasures,
  controlWebhook,
  putControlWebhook,
  removeControlWebhook,
};

type AccessWork = typeof accessWork;
export type AccessWorkName = keyof AccessWork;

/** The tables of access and administration. Promises fulfil when the change is durable. */
export type AccessStore = {
  readonly [Name in AccessWorkName]: AccessWork[Name] extends (...args: infer Args) => Steps<infer Result>
    ? (...args: Args) => Promise<Result>
    : never;
};

/** The store's access work over whatever runs it. */
export function accessStoreOver(
  run: (name: AccessWorkName, args: readonly unknown[]) => Promise<unknown>,
): AccessStore {
  const names = Object.keys(accessWork) as AccessWorkName[];
  return Object.fromEntries(
    names.map((name) => [name, (...args: unknown[]) => run(name, args)]),
  ) as unknown as AccessStore;
}

/** The steps of one piece of work. */
export function accessSteps(name: AccessWorkName, args: readonly unknown[]): Steps<unknown> {
  return (accessWork[name] as (...args: readonly unknown[]) => Steps<unknown>)(...args);
}
