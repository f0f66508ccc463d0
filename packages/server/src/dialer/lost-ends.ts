import type { StoredAttempt } from '../store/dialing/dial-store.ts';
import type { AccountParts } from './dialing-parts.ts';
import type { Line } from './line.ts';

/** Calls asked about in one round: the provider limits how often it may be asked. */
const MOST_ASKED = 100;

/**
 * Finds calls that are over though no callback said so: a server that was down for a moment may have missed the last try.
 * Each would hold a place of the concurrency, and its campaign open, until the sweeper comes by hours later.
 */
export class LostEnds {
  readonly #parts: AccountParts;
  #nextAt = 0;
  /** Attempts whose end was found and is not settled yet. */
  #found = new Set<string>();

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** True when it is time for a round and there is a call to be looked for. */
  isDue(lines: readonly Line[], clock: number): boolean {
    return clock >= this.#nextAt && lines.some((line) => this.#suspects(line, clock).length > 0);
  }

  /** Asks once which calls are under way, and for the record of each that is not. */
  async look(lines: readonly Line[]): Promise<void> {
    const { provider, effects, settings, stopping, owner } = this.#parts;
    const clock = effects.monotonic();
    this.#nextAt = clock + settings.lostEndsEveryMs;
    const open = new Set(lines.flatMap((line) => [...line.open.keys()]));
    this.#found = new Set([...this.#found].filter((id) => open.has(id)));
    const underWay = await provider.underWay(stopping);
    if (underWay === null) return;
    const missing = lines.flatMap((line) =>
      this.#suspects(line, clock)
        .filter(({ requestId }) => requestId !== null && !underWay.has(requestId))
        .map((attempt) => [line, attempt] as const),
    );
    for (const [line, attempt] of missing.slice(0, MOST_ASKED)) {
      if (stopping.aborted || !owner.isMine) return;
      await this.#ask(line, attempt);
    }
  }

  async #ask(line: Line, attempt: StoredAttempt): Promise<void> {
    const { provider, stopping, tell, counts } = this.#parts;
    const { attemptId, requestId } = attempt;
    const told = requestId === null ? null : await provider.endOf(requestId, stopping);
    if (told === null || requestId === null || !line.open.has(attemptId)) return;
    const own = [{ kind: 'attempt', id: attemptId } as const, { kind: 'request', id: requestId } as const];
    await tell(line.ref, [{ ...told, contactId: attempt.contactId, aliases: [...own, ...told.aliases] }]);
    this.#found.add(attemptId);
    counts.endsFound += 1;
    line.settleAt = 0;
  }

  #suspects(line: Line, clock: number): StoredAttempt[] {
    const before = clock - this.#parts.settings.lostEndAfterMs;
    return [...line.open.values()].filter(
      (attempt) =>
        (attempt.state === 'accepted' || attempt.state === 'placed') &&
        attempt.requestId !== null &&
        !this.#found.has(attempt.attemptId) &&
        attempt.knownAt < before,
    );
  }
}
