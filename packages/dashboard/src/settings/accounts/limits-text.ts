import type { ProviderAccount } from '@ringside/protocol';
import { type PaceText, paceText } from '../../plan/pace-text.ts';

type AccountLimits = ProviderAccount['limits'];

export function limitsText(limits: AccountLimits): PaceText {
  if (limits === null) return paceText(null);
  const { callsPerSecond, concurrency } = limits;
  return paceText({ callsPerSecond, ...(concurrency === null ? {} : { concurrency }) });
}

/** Without a pace there are none of its own: then those count that the server was set up with. */
export function limitsOf({ callsPerSecond, concurrency }: PaceText): AccountLimits {
  if (callsPerSecond === '') return null;
  return { callsPerSecond: Number(callsPerSecond), concurrency: concurrency === '' ? null : Number(concurrency) };
}
