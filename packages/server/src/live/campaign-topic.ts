import { isDeepStrictEqual } from 'node:util';
import type { RecentCall, Report } from '@ringside/protocol';
import type { MaskClass } from '../access/principal.ts';
import type { ServedReport } from '../reports/report-cache.ts';
import { diff } from './diff.ts';
import { LiveText } from './live-text.ts';
import { deliver, type Seat, type Subscriber } from './subscriber.ts';

/** Calls in a snapshot. */
const SNAPSHOT_CALLS = 25;
const MASKS: readonly MaskClass[] = ['full', 'masked'];

/** Reads the campaign's report as it is now, with the given number of calls. */
export type ReadReport = (recent: number, mask: MaskClass) => Promise<ServedReport | null>;

/** The readers of one campaign: what changed is computed once and serialised once per mask class. */
export class CampaignTopic {
  readonly #campaignId: string;
  readonly #read: ReadReport;
  readonly #seats = new Map<Subscriber, Seat>();
  /** What patches build on, by mask class; kept only while somebody reads. */
  readonly #shown = new Map<MaskClass, Report>();
  /** The snapshot sent last, by mask class: whoever asks again costs no more than the sending. */
  readonly #snapshots = new Map<MaskClass, { readonly of: Report; readonly text: LiveText }>();

  constructor(campaignId: string, read: ReadReport) {
    this.#campaignId = campaignId;
    this.#read = read;
  }

  get size(): number {
    return this.#seats.size;
  }

  get revision(): string | null {
    return this.#shown.values().next().value?.revision ?? null;
  }

  /** Adds a reader and sends it a snapshot; a reader that asks again gets another. */
  async join(subscriber: Subscriber): Promise<boolean> {
    const served = await this.#read(100, subscriber.mask);
    if (!served) return false;
    const seat = this.#seats.get(subscriber) ?? { subscriber, holds: null };
    this.#seats.set(subscriber, seat);
    const shown = this.#shown.get(subscriber.mask) ?? served.report;
    this.#shown.set(subscriber.mask, shown);
    subscriber.send(this.#snapshot(subscriber.mask, shown));
    seat.holds = shown.revision;
    return true;
  }

  leave(subscriber: Subscriber): void {
    this.#seats.delete(subscriber);
  }

  /** Brings every reader up to date. */
  async refresh(): Promise<void> {
    for (const mask of MASKS) {
      const seats = [...this.#seats.values()].filter((seat) => seat.subscriber.mask === mask);
      if (seats.length === 0) {
        this.#shown.delete(mask);
        this.#snapshots.delete(mask);
      } else await this.#refreshMask(mask, seats);
    }
  }

  async #refreshMask(mask: MaskClass, seats: readonly Seat[]): Promise<void> {
    const served = await this.#read(100, mask);
    if (!served) return;
    const before = this.#shown.get(mask) ?? served.report;
    const now = served.report;
    this.#shown.set(mask, now);
    const patch = once(() => this.#patch(before, now));
    for (const seat of seats) deliver(seat, before.revision, now.revision, patch, () => this.#snapshot(mask, now));
  }

  #snapshot(mask: MaskClass, report: Report): LiveText {
    const known = this.#snapshots.get(mask);
    if (known?.of === report) return known.text;
    const shown = { ...report, recentActivity: report.recentActivity.slice(0, SNAPSHOT_CALLS) };
    const { revision } = report;
    const text = new LiveText({ type: 'snapshot', campaignId: this.#campaignId, revision, report: shown });
    this.#snapshots.set(mask, { of: report, text });
    return text;
  }

  #patch(before: Report, now: Report): LiveText[] {
    const { revision } = now;
    if (before.revision === revision) return [];
    const campaignId = this.#campaignId;
    const { recentActivity: callsBefore, ...restBefore } = before;
    const { recentActivity: callsNow, ...restNow } = now;
    const patch = diff(restBefore, restNow) ?? {};
    const texts = [new LiveText({ type: 'patch', campaignId, from: before.revision, revision, patch })];
    const calls = changedCalls(callsBefore, callsNow);
    if (calls.length > 0) texts.push(new LiveText({ type: 'calls', campaignId, revision, calls }));
    return texts;
  }
}

/** Calls that are new in the feed or look different in it, newest end first. */
function changedCalls(before: readonly RecentCall[], now: readonly RecentCall[]): RecentCall[] {
  const known = new Map(before.map((call) => [call.callUUID, call]));
  return now.filter((call) => !isDeepStrictEqual(known.get(call.callUUID), call));
}

/** Calls at most once, and remembers. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
