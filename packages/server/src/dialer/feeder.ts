import { instantOf } from '../effects.ts';
import { fenceOf } from '../upkeep/lease.ts';
import { openZonesOf, viewOf } from './campaign-view.ts';
import type { AccountParts } from './dialing-parts.ts';
import type { Line } from './line.ts';

/** A list of which nothing is due is looked at again after this; whatever changes it is told, but not by the clock. */
const LOOK_AGAIN_MS = 1_000;
const SOONEST_MS = 5;

/** Takes contacts off lists, a little ahead of their calls, and finds out when a list is done with. */
export class Feeder {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** @param wanted attempts to make at most */
  async take(line: Line, wanted: number): Promise<void> {
    const { store, effects, owner, authId, tellList } = this.#parts;
    const { now, clock } = instantOf(effects);
    const { view } = line;
    line.takeAt = clock + LOOK_AGAIN_MS;
    if (view === null) return;
    // Of now: after another ownership began, nobody would look after what this one took.
    const fence = fenceOf(owner);
    const openZones = openZonesOf(view, now);
    const { ready, waiting, nextDueAt } = await store.dial.queueFacts(line.ref, openZones, now);
    line.isDrained = waiting === 0 && view.list.contacts > 0;
    if (ready === 0) {
      if (nextDueAt !== null) line.takeAt = Math.min(line.takeAt, clock + Math.max(nextDueAt - now, SOONEST_MS));
      if (nextDueAt !== null && line.mayWaitTooLong) await this.#hasten(line);
      return;
    }
    const wish = { ...line.ref, most: Math.min(ready, wanted), authId, callerIds: view.plan.callerIds, openZones };
    const { attempts, skipped } = await store.dial.take(wish, fence, now);
    line.ahead.push(...attempts);
    // Who is not to be called any more is not among those who still will be.
    if (skipped > 0) await tellList(line.ref);
    if (attempts.length > 0) line.takeAt = 0;
  }

  /** Only who waits can wait too long, so that nobody is looked for while others are called. */
  async #hasten(line: Line): Promise<void> {
    const { store, effects, owner } = this.#parts;
    line.mayWaitTooLong = false;
    await store.dial.hastenRetries(line.ref, fenceOf(owner), effects.now());
    line.takeAt = 0;
  }

  async giveBack(line: Line): Promise<void> {
    const { store, owner } = this.#parts;
    const ids = line.ahead.map(({ attemptId }) => attemptId);
    if (ids.length === 0) return;
    await store.dial.putBack(line.ref, ids, fenceOf(owner));
    line.ahead.splice(0, ids.length);
  }

  /**
   * Nothing is under way: the campaign is told that it is complete where nothing is left or its deadline has passed.
   * @returns whether its list need not be looked at any more
   */
  async close(line: Line): Promise<boolean> {
    const { store, effects, change, settings } = this.#parts;
    const now = effects.now();
    const view = await viewOf(store, line.ref, now);
    const { waiting } = await store.dial.queueFacts(line.ref, null, now);
    line.isDrained = waiting === 0;
    if (view === null || !line.isIdle) return false;
    const isLate = view.deadline !== null && view.deadline <= now - settings.deadlineGraceMs;
    if (view.isOpen && (waiting === 0 || isLate)) {
      const reason = waiting === 0 ? 'every contact is settled' : 'its deadline has passed';
      await change(line.ref, { change: 'completed', actor: 'dialer', reason });
    } else if (!view.isOver) return false;
    await store.dial.setListOpen(line.ref, false);
    // Who said meanwhile that it goes on had opened the list, and that was just undone.
    const after = await viewOf(store, line.ref, effects.now());
    if (after?.isOver === false) await store.dial.setListOpen(line.ref, true);
    return after?.isOver !== false;
  }
}
