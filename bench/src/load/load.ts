/** What a load generator sends. It makes, and signs, every request before the clock starts. */
export type Traffic =
  | {
      readonly kind: 'hangups';
      readonly campaigns: readonly string[];
      readonly token: string;
      readonly count: number;
      /** How many calls ended in a second, by their own times. */
      readonly perSecond: number;
      /** The workspace that the URLs name, and its own account; left out, the server's. */
      readonly own?: { readonly workspace: string; readonly authId: string };
    }
  | {
      readonly kind: 'events';
      readonly campaigns: readonly string[];
      readonly key: string;
      readonly count: number;
      readonly batch: number;
      /** The events come from the campaigns by turn, so many a second by their own times; left out, a batch is of one. */
      readonly byTurn?: { readonly perSecond: number };
    }
  | { readonly kind: 'polls'; readonly campaign: string; readonly key: string; readonly etag: string | null };

/** One measured run: a warm-up and a window, after which nothing more is sent. */
export interface Load {
  /** One server, or several that the connections are spread over. */
  readonly url: string | readonly string[];
  readonly traffic: Traffic;
  readonly connections: number;
  readonly warmSeconds: number;
  readonly seconds: number;
  /** Start over when all requests were sent; only for servers that keep nothing of them. */
  readonly repeat: boolean;
  /** The status that every answer must have. */
  readonly status: number;
  /** Answers with this text near their end are counted. */
  readonly remark?: string;
}

/** What came of a run. Any other answer than the wanted one fails the run instead. */
export interface LoadResult {
  /** Answers in the window, by the second. */
  readonly perSecond: number;
  /** Milliseconds from writing a request to having its whole answer. */
  readonly p50: number;
  readonly p99: number;
  /** Answers in all, those of the warm-up and after the window included. */
  readonly answered: number;
  /** Those of them that had the remark which the load looked for. */
  readonly remarked: number;
  /** Part of one core that the generator itself used during the window; near 1, it and not the server was measured. */
  readonly ownCpu: number;
}

/** From the generator to its parent. */
export type FromGenerator<Result> =
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly result: Result }
  | { readonly type: 'failed'; readonly message: string };

/** The host that requests name and signatures cover; servers are told the same as their public URL. */
export const PUBLIC_HOST = 'ringside.example';
export const PUBLIC_URL = `https://${PUBLIC_HOST}`;
