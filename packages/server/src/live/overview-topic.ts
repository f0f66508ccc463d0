import type { Overview } from '@ringside/protocol';
import { once } from './campaign-topic.ts';
import { diff } from './diff.ts';
import { LiveText } from './live-text.ts';
import { deliver, type Seat, type Subscriber } from './subscriber.ts';

/** The readers of a workspace's overview. It shows no numbers, so one text serves every mask class. */
export class OverviewTopic {
  readonly #read: () => Promise<Overview>;
  readonly #seats = new Map<Subscriber, Seat>();
  #shown: Overview | null = null;
  /** The snapshot sent last. */
  #snapshot: { readonly of: Overview; readonly text: LiveText } | null = null;

  constructor(read: () => Promise<Overview>) {
    this.#read = read;
  }

  get size(): number {
    return this.#seats.size;
  }

  get revision(): string | null {
    return this.#shown?.revision ?? null;
  }

  async join(subscriber: Subscriber): Promise<void> {
    const read = this.#shown ?? (await this.#read());
    // A refresh may have shown a later one since.
    this.#shown ??= read;
    const shown = this.#shown;
    this.#seats.set(subscriber, { subscriber, holds: shown.revision });
    subscriber.send(this.#snapshotOf(shown));
  }

  leave(subscriber: Subscriber): void {
    this.#seats.delete(subscriber);
    if (this.#seats.size > 0) return;
    this.#shown = null;
    this.#snapshot = null;
  }

  async refresh(): Promise<void> {
    const now = await this.#read();
    // A reader may have joined meanwhile, with what was known then.
    const before = this.#shown;
    this.#shown = now;
    if (!before || before.revision === now.revision) return;
    const snapshot = (): LiveText => this.#snapshotOf(now);
    const patch = once(() => [isRemoved(before, now) ? snapshot() : patchOf(before, now)]);
    for (const seat of this.#seats.values()) deliver(seat, before.revision, now.revision, patch, snapshot);
  }

  #snapshotOf(overview: Overview): LiveText {
    if (this.#snapshot?.of === overview) return this.#snapshot.text;
    const text = new LiveText({ type: 'overview-snapshot', revision: overview.revision, overview });
    this.#snapshot = { of: overview, text };
    return text;
  }
}

/** Nothing is ever deleted by a patch, so a campaign that left the overview takes a snapshot. */
function isRemoved(before: Overview, now: Overview): boolean {
  return Object.keys(before.campaigns).some((id) => !(id in now.campaigns));
}

function patchOf(before: Overview, now: Overview): LiveText {
  const { revision } = now;
  return new LiveText({ type: 'overview-patch', from: before.revision, revision, patch: diff(before, now) ?? {} });
}
