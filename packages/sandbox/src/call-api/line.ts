import { type Course, failedAtOnce } from '../course.ts';
import { seededUuid } from '../random.ts';
import type { Agenda } from './agenda.ts';
import type { CallBook } from './call-book.ts';
import { courseOfRequest, type Odds } from './call-plan.ts';
import type { CallRequest } from './call-request.ts';
import { type AcceptedCall, placedCall } from './placed-call.ts';
import type { Player } from './player.ts';

/** An account at the provider, and its limits. */
export interface ApiAccount {
  readonly authId: string;
  /** Any of them is accepted, and all sign, as while tokens are rotated. */
  readonly authTokens: readonly string[];
  /** Calls placed per second, in real time whatever the speed; more wait in a queue. Default 2. */
  readonly callsPerSecond?: number;
  /** Calls at once, ringing ones included; a call beyond that fails with code 5030. Default: no limit. */
  readonly concurrency?: number;
}

export interface LineSetup {
  readonly account: ApiAccount;
  readonly odds: Odds;
  readonly speed: number;
  readonly agenda: Agenda;
  readonly book: CallBook;
  readonly player: Player;
  /** CallUUID differs from RequestUUID, as it once did. */
  readonly separateUuids: boolean;
  /** Whether a voice bot tells its verdicts. */
  readonly hasBot: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A text that never comes twice. */
  readonly nonce: () => string;
  /** Resolves when callbacks do not pile up. */
  readonly room: () => Promise<void>;
}

/** Places an account's calls: as many a second as it may, the others in order of their requests. */
export interface Line {
  readonly account: ApiAccount;
  /** Waiting calls by CallUUID, the next first. */
  readonly queued: ReadonlyMap<string, AcceptedCall>;
  readonly accept: (
    request: CallRequest,
    requestedAt: number,
    unpaid: boolean,
  ) => { readonly call: AcceptedCall; readonly isQueued: boolean };
  /** @returns whether there was such a waiting call */
  readonly cancel: (callUuid: string) => boolean;
}

/** How far behind its rate a line that was held up may make good, milliseconds. */
const catchUpMs = 1_000;

export function createLine(setup: LineSetup): Line {
  const { account, agenda, book, now, room } = setup;
  const intervalMs = 1_000 / (account.callsPerSecond ?? 2);
  const queued = new Map<string, AcceptedCall>();
  let nextAt = 0;
  let isActive = false;

  const placeDue = async () => {
    for (let [next] = queued.values(); next !== undefined; [next] = queued.values()) {
      await room();
      if (nextAt > now()) {
        agenda.at(nextAt, () => void placeDue());
        return;
      }
      // It may have been cancelled while there was no room.
      if (!queued.delete(next.callUuid)) continue;
      nextAt = Math.max(nextAt, now() - catchUpMs) + intervalMs;
      place(setup, next);
    }
    isActive = false;
  };

  return {
    account,
    queued,
    accept: (request, requestedAt, unpaid) => {
      const isQueued = queued.size > 0 || nextAt > now();
      if (!isQueued) nextAt = now();
      const call = { ...idsOf(setup), authId: account.authId, requestedAt, request, unpaid };
      queued.set(call.callUuid, call);
      if (!isActive) {
        isActive = true;
        void placeDue();
      }
      return { call, isQueued };
    },
    cancel: (callUuid) => {
      const isWaiting = queued.delete(callUuid);
      if (isWaiting) book.cancel();
      return isWaiting;
    },
  };
}

function idsOf({ odds, account, nonce, separateUuids }: LineSetup) {
  const one = nonce();
  const requestUuid = seededUuid(odds.seed, account.authId, one);
  return { requestUuid, callUuid: separateUuids ? seededUuid(odds.seed, account.authId, one, 'call') : requestUuid };
}

function place(setup: LineSetup, accepted: AcceptedCall): void {
  const { book, player, speed, now } = setup;
  const { callUuid, request } = accepted;
  const { contact, attempt } = book.count(request.to);
  const course = courseFor(setup, accepted, attempt);
  const plan = { callUuid, contact, attempt, number: request.to, caller: request.from, ...course };
  const placedAt = now();
  const call = placedCall(accepted, plan, (afterMs) => placedAt + afterMs / speed);
  book.place(call);
  player.start({ call, plan, request });
}

function courseFor({ account, book, odds, hasBot }: LineSetup, accepted: AcceptedCall, attempt: number): Course {
  const { request, unpaid } = accepted;
  if (unpaid) return failedAtOnce(1010);
  if (account.concurrency !== undefined && liveOf(book, account.authId) >= account.concurrency) {
    return failedAtOnce(5030);
  }
  const course = courseOfRequest(odds, request, attempt);
  return hasBot && request.campaignId !== null ? course : { ...course, lead: null };
}

function liveOf({ live }: CallBook, authId: string): number {
  let count = 0;
  for (const call of live.values()) if (call.authId === authId) count += 1;
  return count;
}
