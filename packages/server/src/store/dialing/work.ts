import type { Steps } from '../access/steps.ts';
import type { Fence } from '../among-nodes.ts';
import { doubtful, openAttempts } from './attempts.ts';
import { answerByKey, onceByKey } from './commands.ts';
import { dialAgain, failedContacts, untouched } from './contacts.ts';
import type { DialStore } from './dial-store.ts';
import { suppress, suppressed, type TokenOf, unsuppress } from './do-not-call.ts';
import { noteLook, resolveDoubt } from './doubt.ts';
import { dialedCampaigns, listFacts, openList, setListOpen } from './list.ts';
import { hastenRetries, queueFacts } from './queue.ts';
import { beginSending, endSending, putBack } from './sending.ts';
import { endedAttempts, idsOfOthers, settle } from './settling.ts';
import { take } from './take.ts';
import { clearTimer, dueTimers, hastenConfirms, setTimer } from './timers.ts';
import { addToList, previewList } from './upload.ts';

/** Everything that is done to the tables of dialing, by name. Each is one transaction. */
const dialWork = {
  openList,
  addToList,
  previewList,
  listFacts,
  queueFacts,
  hastenRetries,
  dialedCampaigns,
  setListOpen,
  untouched,
  failedContacts,
  dialAgain,
  take,
  beginSending,
  putBack,
  endSending,
  openAttempts,
  endedAttempts,
  idsOfOthers,
  settle,
  noteLook,
  resolveDoubt,
  doubtful,
  suppress,
  unsuppress,
  suppressed,
  setTimer,
  clearTimer,
  dueTimers,
  hastenConfirms,
  onceByKey,
  answerByKey,
};

type DialWork = typeof dialWork;
export type DialWorkName = keyof DialWork;

/** A piece of work as it crosses to whatever carries it out. */
export interface DialCall {
  readonly name: DialWorkName;
  readonly args: readonly unknown[];
  /** What must be held for it. */
  readonly fence: Fence | null;
}

/** Work whose last argument makes tokens of numbers; the key for that is where the store is. */
const WITH_TOKENS: ReadonlySet<DialWorkName> = new Set([
  'addToList',
  'previewList',
  'take',
  'beginSending',
  'suppress',
  'unsuppress',
]);

/** Work that changes nothing: it needs no transaction. */
export const DIAL_READS: ReadonlySet<DialWorkName> = new Set([
  'previewList',
  'listFacts',
  'queueFacts',
  'dialedCampaigns',
  'untouched',
  'failedContacts',
  'openAttempts',
  'endedAttempts',
  'idsOfOthers',
  'doubtful',
  'suppressed',
  'dueTimers',
  'answerByKey',
]);

/** The steps of one piece of work. */
export function dialSteps({ name, args }: DialCall, tokenOf: TokenOf): Steps<unknown> {
  const all = WITH_TOKENS.has(name) ? [...args, tokenOf] : args;
  return (dialWork[name] as (...args: readonly unknown[]) => Steps<unknown>)(...all);
}

type WithoutTokens<Args extends readonly unknown[]> = Args extends [...infer Rest, TokenOf] ? Rest : Args;
type Run = <Name extends DialWorkName>(
  name: Name,
  args: WithoutTokens<Parameters<DialWork[Name]>>,
  fence?: Fence | null,
) => Promise<ReturnType<DialWork[Name]> extends Steps<infer Result> ? Result : never>;

/**
 * The store's dialing over whatever runs its work.
 * @param newId makes the id of an attempt
 */
export function dialStoreOver(carryOut: (call: DialCall) => Promise<unknown>, newId: () => string): DialStore {
  const run: Run = (name, args, fence = null) => carryOut({ name, args, fence }) as never;
  return {
    openList: (campaign) => run('openList', [campaign]),
    addToList: (campaign, rows) => run('addToList', [campaign, rows]),
    previewList: (campaign, rows) => run('previewList', [campaign, rows]),
    listFacts: (campaign) => run('listFacts', [campaign]),
    queueFacts: (campaign, openZones, now) => run('queueFacts', [campaign, openZones, now]),
    hastenRetries: (campaign, fence, now) => run('hastenRetries', [campaign, now], fence),
    dialedCampaigns: () => run('dialedCampaigns', []),
    setListOpen: (campaign, isOpen) => run('setListOpen', [campaign, isOpen]),
    untouched: (campaign, after, limit) => run('untouched', [campaign, { after, limit }]),
    failedContacts: (campaign, outcomes, after, limit) => run('failedContacts', [campaign, outcomes, { after, limit }]),
    dialAgain: (campaign, contactKeys) => run('dialAgain', [campaign, contactKeys]),
    take: (wish, fence, now) => run('take', [wish, { ids: Array.from({ length: wish.most }, newId), now }], fence),
    beginSending: (campaign, ids, sendBefore, fence) => run('beginSending', [campaign, ids, sendBefore], fence),
    putBack: (campaign, ids, fence) => run('putBack', [campaign, ids], fence),
    endSending: (campaign, results, fence, now) => run('endSending', [campaign, results, now], fence),
    openAttempts: (authId) => run('openAttempts', [authId]),
    endedAttempts: (campaign, ids) => run('endedAttempts', [campaign, ids]),
    idsOfOthers: (campaign, attemptId, ids) => run('idsOfOthers', [campaign, attemptId, ids]),
    settle: (campaign, settled, fence, now) => run('settle', [campaign, settled, now], fence),
    noteLook: (campaign, id, look, needsPerson, fence, now) =>
      run('noteLook', [campaign, id, { look, needsPerson, now }], fence),
    resolveDoubt: (campaign, id, as, why, now, audit) => run('resolveDoubt', [campaign, id, { as, why, now }, audit]),
    doubtful: (workspace, campaignId, limit) => run('doubtful', [workspace, campaignId, limit]),
    suppress: (workspace, numbers, by, audit) => run('suppress', [workspace, numbers, by, audit]),
    unsuppress: (workspace, number, audit) => run('unsuppress', [workspace, number, audit]),
    suppressed: (workspace, after, limit) => run('suppressed', [workspace, after, limit]),
    setTimer: (timer) => run('setTimer', [timer]),
    clearTimer: (campaign, what, dueAt) => run('clearTimer', [campaign, what, dueAt]),
    dueTimers: (now, limit) => run('dueTimers', [now, limit]),
    hastenConfirms: (now, furthest) => run('hastenConfirms', [now, furthest]),
    onceByKey: (workspace, key, answer, now) => run('onceByKey', [workspace, key, answer, now]),
    answerByKey: (workspace, key) => run('answerByKey', [workspace, key]),
  };
}

/** The same methods, each called by way of something else. */
export function dialStoreBy(call: (name: keyof DialStore, args: readonly unknown[]) => Promise<unknown>): DialStore {
  const names = Object.keys(dialWork) as (keyof DialStore)[];
  const methods = names.map((name) => [name, (...args: unknown[]) => call(name, args)] as const);
  return Object.fromEntries(methods) as unknown as DialStore;
}
