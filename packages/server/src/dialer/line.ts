import type { CampaignRef } from '../store/among-nodes.ts';
import type { ReadyAttempt, StoredAttempt } from '../store/dialing/dial-store.ts';
import type { CallEnd } from './breaker.ts';
import type { CampaignView } from './campaign-view.ts';
import type { HoldWords } from './deliveries.ts';
import { Pacer } from './pacing.ts';

/** Calls per second of a campaign that declares none: its account's limit counts alone. */
const UNLIMITED = 10_000;
const BEGINNING = Number.NEGATIVE_INFINITY;

/** An attempt that may have led to a call, as this node knows it. */
export interface OpenAttempt extends StoredAttempt {
  /** When this node began to send it, or took it over; of the clock that only goes forward. */
  readonly knownAt: number;
  /** Whoever sent it did so by a clock of which nothing is known here. */
  readonly isInherited: boolean;
}

/** One campaign as its account dials it: what is known of it, and what is under way. */
export class Line {
  readonly ref: CampaignRef;
  readonly key: string;
  view: CampaignView | null = null;
  /** When the view was read; as all times of this, of the clock that only goes forward. */
  viewedAt = BEGINNING;
  /** Somebody said that it changed. */
  isStale = true;
  readonly pacer = new Pacer(UNLIMITED);
  /** Attempts that are made, but not sent; the next one first. */
  readonly ahead: ReadyAttempt[] = [];
  /** Attempts that are being sent, or whose result is not stored yet. */
  readonly sending = new Map<string, StoredAttempt>();
  /** Attempts that may have led to a call that is not settled. */
  readonly open = new Map<string, OpenAttempt>();
  /** The last ends, for the breaker. */
  ends: CallEnd[] = [];
  /** The breaker opened, and that is not stored yet. */
  isBroken = false;
  /** Another account dials it by now, or none: what is under way here ends, and nothing more starts. */
  isLeaving = false;
  /** What was read before this counts no more. */
  #notBefore = BEGINNING;
  /** When it is worth looking for contacts again. */
  takeAt = 0;
  /** At the last look nothing was left to be done, whenever. */
  isDrained = false;
  settleAt = 0;
  /** The clock may have been set back since its retries were planned. */
  mayWaitTooLong = true;
  /** Since when the campaign was told of another list than there is; `null` while it knows it as it is. */
  untoldSince: number | null = null;
  /** What was said last of what holds it up, and when; `undefined` before the first word. */
  said: HoldWords | null | undefined = undefined;
  saidAt = BEGINNING;
  /** The date that it bears, `null` before the first word. */
  saidDate: number | null = null;
  /** When that is looked at again. */
  holdAt = 0;

  constructor(ref: CampaignRef) {
    this.ref = { workspace: ref.workspace, campaignId: ref.campaignId };
    this.key = lineKey(ref);
  }

  /** @param now epoch milliseconds */
  isOpen(now: number): boolean {
    return this.view?.isOpen === true && !this.isBroken && !this.isLeaving && !this.isPastDeadline(now);
  }

  isPastDeadline(now: number): boolean {
    return this.view !== null && this.view.deadline !== null && this.view.deadline <= now;
  }

  /** Calls under way, those that may be among them. */
  get busy(): number {
    return this.sending.size + this.open.size;
  }

  /** Calls that it may have under way by its own limit. */
  get limit(): number {
    return this.view?.campaign.pace?.concurrency ?? Number.POSITIVE_INFINITY;
  }

  get isIdle(): boolean {
    return this.busy === 0 && this.ahead.length === 0;
  }

  /** The dialer itself has changed the campaign: nothing starts before it was read again. */
  forgetView(clock: number): void {
    this.#notBefore = clock;
    this.view = null;
    this.viewedAt = BEGINNING;
    this.isBroken = false;
  }

  /** @param at when it began to be read */
  show(view: CampaignView | null, at: number, clock: number): void {
    if (at < this.#notBefore) return;
    const wasOpen = this.view?.isOpen ?? false;
    this.view = view;
    this.viewedAt = at;
    this.pacer.setPace(view?.campaign.pace?.callsPerSecond ?? UNLIMITED, clock);
    // Whoever resumes it has seen why it stopped, and the ends of before must not stop it again.
    if (!wasOpen && view?.isOpen) this.ends = [];
    if (!wasOpen) this.takeAt = 0;
  }
}

export function lineKey({ workspace, campaignId }: CampaignRef): string {
  return `${workspace}\0${campaignId}`;
}
