/** Limits of a provider account, where somebody set them. */
interface LimitedAccount {
  readonly name: string;
  readonly limits?: { readonly callsPerSecond?: number | null; readonly concurrency?: number | null };
}

/** What an account allows all of its campaigns together; empty while nobody said. */
export function accountLimitNote({ name, limits }: LimitedAccount): string {
  const parts = [
    limits?.callsPerSecond == null ? '' : `${limits.callsPerSecond} calls a second`,
    limits?.concurrency == null ? '' : `${limits.concurrency} live at once`,
  ].filter((part) => part !== '');
  if (parts.length === 0) return '';
  return `The account “${name}” allows ${parts.join(' and ')}, shared by all of its campaigns.`;
}
