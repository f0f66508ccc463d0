import { CliError } from '../terminal.ts';

const secondsOf = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** `90d`, `24h`, `30m` or `45s` in seconds. */
export function duration(text: string, flag: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount === undefined) throw new CliError(`${flag} must be a time such as 90d, 24h, 30m or 45s`);
  return Number(amount) * secondsOf[unit as keyof typeof secondsOf];
}

/** A whole number; `none` is `null`. */
export function limit(text: string, flag: string): number | null {
  if (text === 'none') return null;
  if (!/^\d{1,7}$/.test(text)) throw new CliError(`${flag} must be a number a second, or none`);
  return Number(text);
}

/** Without members that were not given. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

/** A path with its parts made safe. */
export function path(strings: TemplateStringsArray, ...parts: readonly string[]): string {
  return String.raw({ raw: strings }, ...parts.map(encodeURIComponent));
}

/** `?name=value`, without what was not given. */
export function query(values: Readonly<Record<string, string | undefined>>): string {
  const text = new URLSearchParams(given(values) as Record<string, string>).toString();
  return text === '' ? '' : `?${text}`;
}
