import { saidNow } from '@ringside/core';
import { type HoldWords, holdOf } from './deliveries.ts';
import type { AccountParts } from './dialing-parts.ts';
import type { Line } from './line.ts';

const LOOK_EVERY_MS = 200;

/** Tells campaigns what holds them up that only the dialer knows: when it changes, and not too often. */
export class Holds {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** @param open calls that the account has under way */
  say(line: Line, open: number): void {
    const { effects, settings, jobs } = this.#parts;
    const clock = effects.monotonic();
    if (line.view === null || line.view.isOver || line.isLeaving || clock < line.holdAt) return;
    line.holdAt = clock + LOOK_EVERY_MS;
    const hold = this.#holdOf(line, open, clock);
    if (isSame(line.said, hold) || clock - line.saidAt < settings.holdEveryMs) return;
    jobs.run(`hold ${line.key}`, () => this.#say(line, hold, clock));
  }

  /** Nobody else says it of this campaign; what an owner of before said last, the campaign knows. */
  async #say(line: Line, hold: HoldWords | null, clock: number): Promise<void> {
    const { effects, store, tell } = this.#parts;
    const { workspace, campaignId } = line.ref;
    const now = effects.now();
    const lastAt = line.saidDate ?? (await store.declared(workspace, campaignId, now))?.lastAt ?? null;
    const moment = saidNow({ lastAt }, now);
    await tell(line.ref, [holdOf(hold, moment)]);
    line.said = hold;
    line.saidAt = clock;
    line.saidDate = moment.at;
  }

  #holdOf(line: Line, open: number, clock: number): HoldWords | null {
    const held = this.#parts.gate.hold(open, clock);
    if (held) return held;
    const unproved = [...line.open.values()].filter(({ needsPerson }) => needsPerson).length;
    if (unproved === 0) return null;
    const message = `${unproved} attempt${unproved === 1 ? '' : 's'} cannot be proved to have been placed or not: say which, at /v1/attempts/doubtful.`;
    return { code: 'needs-person', message, until: null };
  }
}

/** Before the first word a campaign may still show what was said before a restart. */
function isSame(said: HoldWords | null | undefined, hold: HoldWords | null): boolean {
  if (said === undefined) return false;
  return said?.code === hold?.code && said?.message === hold?.message && said?.until === hold?.until;
}
