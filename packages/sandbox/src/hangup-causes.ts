import type { Outcome } from '@ringside/protocol';

/** Who ended a call: `HangupSource`. */
export type HangupSource = 'Callee' | 'Carrier' | 'Plivo' | 'Error' | 'API Request' | 'Answer XML';

/** How a hangup code shows in a callback, and what a call that ends with it looks like. */
export interface HangupCause {
  /** `HangupCauseName`, as Plivo's table of causes has it. */
  readonly name: string;
  /** `HangupCause`, the older token. */
  readonly token: string;
  /** Who usually ends a call so. */
  readonly source: HangupSource;
  /** `CallStatus`. */
  readonly status: 'completed' | 'busy' | 'no-answer' | 'timeout' | 'failed' | 'cancel';
  readonly outcome: Outcome;
  /** Seconds from placing the call to the end of an unanswered one, least and most. */
  readonly seconds: readonly [least: number, most: number];
  /** Whether the far end rings before that. */
  readonly rings: boolean;
}

const atOnce = [0.4, 2.5] as const;
const soon = [2, 6] as const;

/**
 * The codes that the sandbox plays. Of the tokens and statuses only NORMAL_CLEARING with 4000 and 4010 and USER_BUSY,
 * `busy`, with 3010 were ever seen on a real callback; the others are plausible, and a reader should go by the code.
 */
export const hangupCauses = {
  1000: cause('Canceled', 'ORIGINATOR_CANCEL', 'Plivo', 'cancel', 'canceled', soon, true),
  1010: cause('Canceled (Out Of Credits)', 'ORIGINATOR_CANCEL', 'Plivo', 'cancel', 'failed', atOnce),
  2000: cause('Invalid Destination Address', 'UNALLOCATED_NUMBER', 'Carrier', 'failed', 'invalid', atOnce),
  2010: cause('Destination Out Of Service', 'DESTINATION_OUT_OF_ORDER', 'Carrier', 'failed', 'unreachable', soon),
  3000: cause('No Answer', 'NO_ANSWER', 'Carrier', 'no-answer', 'no-answer', [22, 38], true),
  3010: cause('Busy Line', 'USER_BUSY', 'Carrier', 'busy', 'busy', soon, true),
  3020: cause('Rejected', 'CALL_REJECTED', 'Callee', 'busy', 'rejected', [5, 16], true),
  3050: cause('Unallocated number', 'UNALLOCATED_NUMBER', 'Carrier', 'failed', 'invalid', atOnce),
  3080: cause('Internal server error from carrier', 'NETWORK_OUT_OF_ORDER', 'Carrier', 'failed', 'failed', atOnce),
  3090: cause('Network congestion from carrier', 'NORMAL_CIRCUIT_CONGESTION', 'Carrier', 'failed', 'failed', atOnce),
  3130: cause('Spam block', 'CALL_REJECTED', 'Carrier', 'failed', 'blocked', atOnce),
  4000: cause('Normal Hangup', 'NORMAL_CLEARING', 'Callee', 'completed', 'completed', [0, 0], true),
  4010: cause('End Of XML Instructions', 'NORMAL_CLEARING', 'Plivo', 'completed', 'completed', [0, 0], true),
  5010: cause('Internal Error', 'NORMAL_TEMPORARY_FAILURE', 'Plivo', 'failed', 'failed', atOnce),
  5030: cause('Concurrency Limit Breached', 'NORMAL_TEMPORARY_FAILURE', 'Plivo', 'failed', 'failed', atOnce),
  6000: cause('Scheduled Hangup', 'ALLOTTED_TIMEOUT', 'Plivo', 'completed', 'completed', [0, 0], true),
  6010: cause('Ring Timeout Reached', 'NO_ANSWER', 'Plivo', 'timeout', 'no-answer', [45, 46], true),
  7011: cause('Error Reaching Answer URL', 'NORMAL_CLEARING', 'Error', 'completed', 'app-error', [0, 0], true),
  8011: cause('Invalid Answer XML', 'NORMAL_CLEARING', 'Error', 'completed', 'app-error', [0, 0], true),
  9100: cause('Machine Detected', 'NORMAL_CLEARING', 'Plivo', 'completed', 'machine', [0, 0], true),
} as const satisfies Record<number, HangupCause>;

/** A hangup code that the sandbox can play. */
export type HangupCode = keyof typeof hangupCauses;

// Seven columns of one table: as positions they line up, which is how such a table is read and checked.
function cause(
  name: string,
  token: string,
  source: HangupSource,
  status: HangupCause['status'],
  outcome: Outcome,
  seconds: readonly [number, number],
  rings = false,
): HangupCause {
  return { name, token, source, status, outcome, seconds, rings };
}
