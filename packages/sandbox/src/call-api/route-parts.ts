import type { DetailContext } from '../call-detail-record.ts';
import type { CallBook } from './call-book.ts';
import type { Line } from './line.ts';
import type { Player } from './player.ts';
import type { FaultControl } from './post-faults.ts';

/** An account's part of the API. */
export interface ApiLine extends Line {
  readonly player: Player;
  /** Takes a place among the requests that the account may send, if there is one. */
  readonly mayAsk: () => boolean;
}

export interface RoutesSetup {
  readonly lines: ReadonlyMap<string, ApiLine>;
  readonly book: CallBook;
  readonly faults: FaultControl;
  /** IANA zone of the accounts' console. */
  readonly zone: string;
  readonly lateSeconds: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Resolves after `ms`, or when the API closes. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** One request, as every route sees it. */
export interface Asked {
  readonly line: ApiLine;
  readonly context: DetailContext;
  readonly query: URLSearchParams;
  readonly body: string;
}
