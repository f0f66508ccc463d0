import type { Outcome } from '@ringside/protocol';
import type { EndFacts, EndWord } from './event.ts';

interface HangupCode {
  readonly name: string;
  readonly outcome: Outcome;
}

const row = (name: string, outcome: Outcome): HangupCode => ({ name, outcome });

/** Plivo's hangup codes. `completed` here still needs an answer: see {@link outcomeOf}. */
const hangupCodes: ReadonlyMap<number, HangupCode> = new Map([
  [1000, row('Canceled', 'canceled')],
  [1010, row('Canceled (Out Of Credits)', 'failed')],
  [1020, row('Canceled (Simultaneous dial limit reached)', 'failed')],
  [2000, row('Invalid Destination Address', 'invalid')],
  [2010, row('Destination Out Of Service', 'unreachable')],
  [2020, row('Endpoint Not Registered', 'unreachable')],
  [2030, row('Destination Country Barred', 'failed')],
  [2040, row('Destination Number Barred', 'failed')],
  [2050, row('Destination Prefix Barred', 'failed')],
  [2060, row('Loop Detected', 'failed')],
  [2070, row('Violates Media Anchoring', 'failed')],
  [3000, row('No Answer', 'no-answer')],
  [3010, row('Busy Line', 'busy')],
  [3020, row('Rejected', 'rejected')],
  [3030, row('Unknown Caller ID', 'failed')],
  [3040, row('Forbidden', 'blocked')],
  [3050, row('Unallocated number', 'invalid')],
  [3070, row('Request timeout', 'failed')],
  [3080, row('Internal server error from carrier', 'failed')],
  [3090, row('Network congestion from carrier', 'failed')],
  [3100, row('Busy everywhere', 'busy')],
  [3110, row('Declined', 'rejected')],
  [3120, row('User does not exist anywhere', 'invalid')],
  [3130, row('Spam block', 'blocked')],
  [3140, row('DNO Caller ID', 'blocked')],
  [4000, row('Normal Hangup', 'completed')],
  [4010, row('End Of XML Instructions', 'completed')],
  [4020, row('Multiparty Call Ended', 'completed')],
  [4030, row('Kicked Out Of Multiparty Call', 'completed')],
  [5000, row('Network Error', 'failed')],
  [5010, row('Internal Error', 'failed')],
  [5020, row('Routing Error', 'failed')],
  [5030, row('Concurrency Limit Breached', 'failed')],
  [6000, row('Scheduled Hangup', 'completed')],
  [6010, row('Ring Timeout Reached', 'no-answer')],
  [6020, row('Media Timeout', 'completed')],
  [7011, row('Error Reaching Answer URL', 'app-error')],
  [7012, row('Error Reaching Action URL', 'app-error')],
  [7013, row('Error Reaching Transfer URL', 'app-error')],
  [7014, row('Error Reaching Redirect URL', 'app-error')],
  [7022, row('Invalid Action URL', 'app-error')],
  [7023, row('Invalid Transfer URL', 'app-error')],
  [7024, row('Invalid Redirect URL', 'app-error')],
  [7032, row('Invalid Method For Action URL', 'app-error')],
  [7033, row('Invalid Method For Transfer URL', 'app-error')],
  [7034, row('Invalid Method For Redirect URL', 'app-error')],
  [8011, row('Invalid Answer XML', 'app-error')],
  [8012, row('Invalid Action XML', 'app-error')],
  [8013, row('Invalid Transfer XML', 'app-error')],
  [8014, row('Invalid Redirect XML', 'app-error')],
  [9100, row('Machine Detected', 'machine')],
]);

/** Thousands in which every published code means the same, so that an unknown code in them is still understood. */
const bands: ReadonlyMap<number, Outcome> = new Map([
  [4, 'completed'],
  [5, 'failed'],
  [7, 'app-error'],
  [8, 'app-error'],
]);

const byStatus: Readonly<Record<EndWord, Outcome>> = {
  completed: 'completed',
  busy: 'busy',
  'no-answer': 'no-answer',
  timeout: 'no-answer',
  rejected: 'rejected',
  failed: 'failed',
  canceled: 'canceled',
  machine: 'machine',
  lost: 'lost',
};

/** The name people read for a code, or `null` for a code that Plivo never published. */
export function hangupName(code: number): string | null {
  return hangupCodes.get(code)?.name ?? null;
}

/**
 * Classifies an end: by hangup code first, then by status, then by whether anybody picked up.
 * An unknown code falls back by its band, then to the status, else it is `failed`.
 */
export function outcomeOf(end: EndFacts, answered: boolean, machine: boolean): Outcome {
  const stated = statedOutcome(end, answered);
  if (stated !== 'completed' && stated !== 'machine') return stated;
  if (!answered) return 'no-answer';
  return machine ? 'machine' : stated;
}

function statedOutcome(end: EndFacts, answered: boolean): Outcome {
  const code = end.code ?? 0;
  const byCode = hangupCodes.get(code)?.outcome ?? bands.get(Math.floor(code / 1000));
  const mediaTimeoutBeforeAnswer = code === 6020 && !answered;
  if (byCode && !mediaTimeoutBeforeAnswer) return byCode;
  if (end.status !== null) return byStatus[end.status];
  return answered ? 'completed' : 'failed';
}
