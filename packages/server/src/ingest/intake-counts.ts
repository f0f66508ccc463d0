import { Distribution } from '../metrics/distribution.ts';
import type { Receipt, ReceiptResult } from './receipt.ts';

type Kind = Receipt['kind'];
/** What a receipt came to: what the store said, or that it never got there. */
type Outcome = ReceiptResult['result'] | 'overloaded' | 'failed';

const none = (): Record<Outcome, number> => ({
  ...{ accepted: 0, unchanged: 0, aside: 0, rejected: 0, overloaded: 0, failed: 0 },
});

/** Seconds: an embedded store answers within some milliseconds, one that is in trouble within some seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const RECEIPTS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];

/** What intake did since the start, in memory only. */
export class IntakeCounts {
  readonly #outcomes: Readonly<Record<Kind, Record<Outcome, number>>> = { plivo: none(), delivery: none() };
  /** From the submission of a receipt until it is durable, seconds. */
  readonly durable = new Distribution(SECONDS);
  /** A commit, seconds. */
  readonly commits = new Distribution(SECONDS);
  /** Receipts of a commit. */
  readonly batches = new Distribution(RECEIPTS);

  count(kind: Kind, outcome: Outcome): void {
    this.#outcomes[kind][outcome] += 1;
  }

  /** A copy of the present counts. */
  read(): { readonly kind: Kind; readonly outcome: Outcome; readonly count: number }[] {
    return Object.entries(this.#outcomes).flatMap(([kind, outcomes]) =>
      Object.entries(outcomes).map(([outcome, count]) => ({ kind: kind as Kind, outcome: outcome as Outcome, count })),
    );
  }
}
