import type { PlacedCall } from './placed-call.ts';
import type { PostFault } from './post-faults.ts';

/** A request for a call, as it came. */
export interface PostEntry {
  /** When it had come, epoch milliseconds. */
  readonly at: number;
  readonly authId: string;
  readonly fault: PostFault | null;
  /** HTTP status of the answer; `null`: none, or not yet. */
  status: number | null;
  /** What the call that it led to goes by, and what the dialer calls it; `null`: no call. */
  requestUuid: string | null;
  attemptId: string | null;
}

/** Everything that was asked for and dialed: the truth that a dialer's own account is compared with. */
export interface CallBook {
  /** By CallUUID, in the order in which they were placed. */
  readonly placed: ReadonlyMap<string, PlacedCall>;
  readonly live: ReadonlyMap<string, PlacedCall>;
  /** In the order in which they ended. */
  readonly over: ReadonlyMap<string, PlacedCall>;
  readonly posts: readonly PostEntry[];
  /** Calls that were cancelled while they waited in the queue. */
  readonly cancelled: number;
  /** Gives the number its place among those called so far, and counts the call. */
  readonly count: (number: string) => { readonly contact: number; readonly attempt: number };
  readonly place: (call: PlacedCall) => void;
  readonly end: (call: PlacedCall) => void;
  readonly cancel: () => void;
  readonly post: (entry: PostEntry) => void;
}

/** @param most calls, and requests, that are remembered; the oldest are forgotten first, but no live call */
export function createBook(most: number): CallBook {
  const placed = new Map<string, PlacedCall>();
  const live = new Map<string, PlacedCall>();
  const over = new Map<string, PlacedCall>();
  const contacts = new Map<string, { readonly contact: number; attempts: number }>();
  const posts: PostEntry[] = [];
  let cancelled = 0;

  return {
    placed,
    live,
    over,
    posts,
    get cancelled() {
      return cancelled;
    },
    count: (number) => {
      const entry = contacts.get(number) ?? { contact: contacts.size, attempts: 0 };
      contacts.set(number, entry);
      entry.attempts += 1;
      return { contact: entry.contact, attempt: entry.attempts };
    },
    place: (call) => {
      placed.set(call.callUuid, call);
      live.set(call.callUuid, call);
    },
    end: (call) => {
      call.ended = true;
      live.delete(call.callUuid);
      over.set(call.callUuid, call);
      if (over.size <= most) return;
      const [oldest] = over.keys();
      if (oldest === undefined) return;
      over.delete(oldest);
      placed.delete(oldest);
    },
    cancel: () => {
      cancelled += 1;
    },
    post: (entry) => {
      posts.push(entry);
      if (posts.length > 2 * most) posts.splice(0, posts.length - most);
    },
  };
}
