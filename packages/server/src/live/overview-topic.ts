import type { Overview } from '@ringside/protocol';
import { once, textOf } from './campaign-topic.ts';
import { diff } from './diff.ts';
import { deliver, type LiveText, type Seat, type Subscriber } from './subscriber.ts';

/** The readers of a workspace's overview. It shows no numbers, so one text serves every mask class. */
export class OverviewTopic {
  readonly #read: () => Promise<Overview>;
  readonly #seats = new Map<Subscriber, Seat>();
  #shown: Overview | null = null;

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
    subscriber.send(snapshotOf(shown));
  }

  leave(subscriber: Subscriber): void {
    this.#seats.delete(subscriber);
    if (this.#seats.size === 0) this.#shown = null;
  }

  async refresh(): Promise<void> {
    const now = await this.#read();
    // A reader may have joined meanwhile, with what was known then.
    const before = this.#shown;
    this.#shown = now;
    if (!before || before.revision === now.revision) return;
    const snapshot = once(() => snapshotOf(now));
    const patch = once(() => patchOf(before, now));
    for (const seat of this.#seats.values()) deliver(seat, before.revision, now.revision, patch, snapshot);
  }
}

function snapshotOf(overview: Overview): LiveText {
  return textOf({ type: 'overview-snapshot', revision: overview.revision, overview });
}

/** Nothing is ever deleted by a patch, so a campaign that left the overview takes a snapshot. */
function patchOf(before: Overview, now: Overview): LiveText[] {
  const gone = Object.keys(before.campaigns).some((id) => !(id in now.campaigns));
  if (gone) return [snapshotOf(now)];
  return [
    textOf({ type: 'overview-patch', from: before.revision, revision: now.revision, patch: diff(before, now) ?? {} }),
  ];
}
