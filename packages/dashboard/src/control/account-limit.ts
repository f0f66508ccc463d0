import type { ProviderAccount } from '@ringside/protocol';
import { paceLine } from '../plan/pace-text.ts';

/** What an account allows all of its campaigns together; empty where nobody set it, and the server's own limits count. */
export function accountLimitNote({ name, limits }: Pick<ProviderAccount, 'name' | 'limits'>): string {
  return limits === null ? '' : `The account “${name}” allows ${limitLine(limits)}, shared by all of its campaigns.`;
}

/** `2 calls a second, 50 live at once` */
export function limitLine({ callsPerSecond, concurrency }: NonNullable<ProviderAccount['limits']>): string {
  return paceLine({ callsPerSecond, ...(concurrency === null ? {} : { concurrency }) });
}
