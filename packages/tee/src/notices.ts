import type { TeedCallback } from './callback.ts';

/** A callback that will not reach Ringside. */
export interface Drop {
  readonly callback: TeedCallback;
  /** The queue was at its cap, the callback at its greatest age, or the tee closed with nowhere to keep it. */
  readonly reason: 'queue-full' | 'too-old' | 'closed';
}

/** A callback that Ringside does not want; it is not sent again. */
export interface Refusal {
  readonly callback: TeedCallback;
  /** HTTP status, 400 to 499. */
  readonly status: number;
  /** `code` of the problem document, such as `signature-invalid`; `http-<status>` when there is no document. */
  readonly code: string;
  /** What went wrong and what to do about it. */
  readonly detail: string;
}

/** Something in the set-up that needs a person. */
export interface TeeProblem {
  /**
   * - `raw-body-missing`: a callback could not be passed on, as its body was read before the tee saw it
   * - `raw-body-rebuilt`: its body was parsed before, and put together again from the fields
   * - `body-too-large`: a callback was not passed on, as it is larger than Ringside takes
   * - `delivery-failing`: Ringside does not take callbacks at the moment; they wait
   * - `queue-file-failed`, `queue-file-damaged`: the file could not be used, or parts of it could not be read
   * - `tee-failed`: a fault in the tee or in an option that is a function; the host goes on
   */
  readonly code:
    | 'raw-body-missing'
    | 'raw-body-rebuilt'
    | 'body-too-large'
    | 'delivery-failing'
    | 'queue-file-failed'
    | 'queue-file-damaged'
    | 'tee-failed';
  readonly message: string;
  readonly cause?: unknown;
}

/** Where a tee tells what happened. What they throw is ignored. Each one left out becomes a warning of the process. */
export interface NoticeHandlers {
  readonly onDrop?: (drop: Drop) => void;
  readonly onRefused?: (refusal: Refusal) => void;
  /** Called once for each code; for `delivery-failing` and `queue-file-failed` once each time it begins. */
  readonly onProblem?: (problem: TeeProblem) => void;
}

/** Tells the host, at most once where once is enough, and never fails. */
export class Notices {
  readonly #handlers: NoticeHandlers;
  readonly #warn: (message: string, code: string) => void;
  readonly #told = new Set<string>();

  constructor(handlers: NoticeHandlers, warn: (message: string, code: string) => void) {
    this.#handlers = handlers;
    this.#warn = warn;
  }

  drop(drop: Drop): void {
    const { onDrop } = this.#handlers;
    if (onDrop) quietly(() => onDrop(drop));
    else this.#warnOnce(`drop ${drop.reason}`, `callbacks are being dropped: ${drop.reason}`);
  }

  refuse(refusal: Refusal): void {
    const { onRefused } = this.#handlers;
    if (onRefused) quietly(() => onRefused(refusal));
    else this.#warnOnce(`refusal ${refusal.code}`, `Ringside refuses callbacks: ${refusal.code}. ${refusal.detail}`);
  }

  problem(problem: TeeProblem): void {
    const { onProblem } = this.#handlers;
    if (!onProblem) this.#warnOnce(problem.code, problem.message);
    else if (this.#isNew(problem.code)) quietly(() => onProblem(problem));
  }

  /** The problem is over: when it comes again, it is told again. */
  over(code: TeeProblem['code']): void {
    this.#told.delete(code);
  }

  /** A mistake in the tee, or in a function that the host gave it. */
  fault(cause: unknown): void {
    this.problem({ code: 'tee-failed', message: `The tee failed: ${String(cause)}`, cause });
  }

  /** Runs something whose failure must not reach the host. */
  guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.fault(error);
    }
  }

  #warnOnce(key: string, message: string): void {
    if (this.#isNew(key)) quietly(() => this.#warn(message, key));
  }

  #isNew(key: string): boolean {
    const isNew = !this.#told.has(key);
    this.#told.add(key);
    return isNew;
  }
}

/** A handler of the host may throw, or be async and reject, which would end the process: neither may happen. */
function quietly(run: () => unknown): void {
  try {
    const result = run();
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // The tee has nobody else to tell.
  }
}
