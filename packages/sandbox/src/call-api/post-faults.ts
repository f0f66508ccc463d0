import { type Faults, noFaults } from '../faults.ts';
import { seededRandom } from '../random.ts';

/** What may go wrong with a request for a call, and what it means for the call. */
export const postFaults = {
  'lost-answer': 'the call is made, and the connection cut without an answer',
  'fail-after': 'the call is made, and the answer is 500',
  'fail-before': '503, and no call is made',
  'refuse-429': '429 with Retry-After: 1, and no call is made',
  'refuse-429-bare': '429 without Retry-After, and no call is made',
  'out-of-credits': 'the call is made and ends at once with code 1010',
  'payment-required': '402, and no call is made',
  unauthorised: '401, and no call is made',
  slow: 'the call is made at once, and the answer comes late',
  hang: 'the request is looked at late, and the call made then, whoever still waits',
} as const satisfies Record<string, string>;

/** Name of such a fault. */
export type PostFault = keyof typeof postFaults;

export function isPostFault(name: string): name is PostFault {
  return Object.hasOwn(postFaults, name);
}

/** What goes wrong on purpose. */
export interface FaultSettings {
  /** Share of the requests for calls, 0 to 1, that meet each fault; a request meets one at most. */
  readonly shares: Readonly<Partial<Record<PostFault, number>>>;
  /** How late `slow` answers are, and how late `hang` requests are looked at, milliseconds. */
  readonly slowMs: number;
  readonly hangMs: number;
  /** Beginnings of numbers that may not be called, with `+`: they are answered 403. */
  readonly forbidden: readonly string[];
  /** Share of the requests for records and lists that are answered 503 or 429. */
  readonly reads: number;
  /** What goes wrong with callbacks. */
  readonly callbacks: Faults;
}

export const noPostFaults: FaultSettings = {
  shares: {},
  slowMs: 3_000,
  hangMs: 10_000,
  forbidden: [],
  reads: 0,
  callbacks: noFaults,
};

/** Faults that can be changed while calls are made. */
export interface FaultControl {
  readonly settings: FaultSettings;
  readonly set: (changes: Partial<FaultSettings>) => void;
  /** The next requests for calls meet this fault, before any share is looked at. */
  readonly next: (fault: PostFault, times?: number) => void;
  /** What the next request for a call meets. */
  readonly take: () => PostFault | null;
}

/** Which request meets what depends on nothing but the seed and how many came before it. */
export function createFaults(seed: string, settings: Partial<FaultSettings>): FaultControl {
  const told: PostFault[] = [];
  let current = { ...noPostFaults, ...settings };
  let requests = 0;
  return {
    get settings() {
      return current;
    },
    set: (changes) => {
      current = { ...current, ...changes };
    },
    next: (fault, times = 1) => {
      for (let i = 0; i < times; i += 1) told.push(fault);
    },
    take: () => {
      const drawn = seededRandom(seed, 'post', requests)();
      requests += 1;
      return told.shift() ?? sharedOut(current.shares, drawn);
    },
  };
}

function sharedOut(shares: FaultSettings['shares'], drawn: number): PostFault | null {
  let left = drawn;
  for (const [name, share] of Object.entries(shares)) {
    left -= share;
    if (left < 0 && isPostFault(name)) return name;
  }
  return null;
}
