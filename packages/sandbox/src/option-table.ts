import { parseArgs } from 'node:util';

export interface OptionSpec {
  /** Shown after the option; a switch has none. */
  readonly value?: string;
  readonly env?: string;
  readonly fallback?: string;
  /** It may be given several times. */
  readonly many?: true;
  readonly help: string;
}

/** Options of a command: what is read and what `--help` prints. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** What was given on the command line, by option. */
export type Flags = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** @returns what was given, or what is wrong with it */
export function readFlags(table: OptionTable, argv: readonly string[]): Flags | string {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, { value, many }]) => [
      name,
      { type: value ? 'string' : 'boolean', multiple: many ?? false } as const,
    ]),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** The options as `--help` prints them. */
export function optionRows(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, { value, env, fallback, help }]) => {
    const notes = [env, fallback === undefined ? undefined : `default ${fallback}`].filter(Boolean).join(', ');
    return `  ${`--${name}${value ? ` ${value}` : ''}`.padEnd(24)}${help}${notes ? ` (${notes})` : ''}`;
  });
  return `${rows.join('\n')}\n`;
}

export interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

/** What a command line is read with. */
export interface OptionSource<Name extends string> {
  readonly table: Readonly<Record<Name, OptionSpec>>;
  readonly flags: Flags;
  readonly env: Environment;
  /** Takes a sentence for whatever cannot be used; the value then does not matter. */
  readonly problems: string[];
}

/** Reads single options: as given, else from the environment, else the default. */
export interface OptionReader<Name extends string> {
  readonly text: (name: Name) => string | undefined;
  readonly texts: (name: Name) => readonly string[];
  /** Whether the command line or the environment has it. */
  readonly isGiven: (name: Name) => boolean;
  readonly needed: (name: Name) => string;
  readonly checked: (name: Name, isGood: (value: string) => boolean, what: string) => string;
  readonly number: (name: Name, range: Range) => number;
  readonly share: (name: Name) => number;
  readonly url: (name: Name) => string;
}

export function createReader<Name extends string>({
  table,
  flags,
  env,
  problems,
}: OptionSource<Name>): OptionReader<Name> {
  const givenOf = (name: Name) => flags[name] ?? (env[table[name].env ?? ''] || undefined);
  const text = (name: Name): string | undefined => {
    const value = givenOf(name) ?? table[name].fallback;
    return typeof value === 'string' ? value : undefined;
  };
  const checked = (name: Name, isGood: (value: string) => boolean, what: string): string => {
    const value = text(name) ?? '';
    if (!isGood(value)) problems.push(`--${name} must be ${what}, not "${value}".`);
    return value;
  };
  const number = (name: Name, { least, most, whole = false }: Range): number => {
    const isGood = (value: string) => {
      const parsed = Number(value);
      return value.trim() !== '' && parsed >= least && parsed <= most && (!whole || Number.isInteger(parsed));
    };
    return Number(checked(name, isGood, `${whole ? 'a whole number' : 'a number'} from ${least} to ${most}`));
  };
  return {
    text,
    isGiven: (name) => givenOf(name) !== undefined,
    texts: (name) => [flags[name] ?? []].flat().filter((item) => typeof item === 'string'),
    needed: (name) => {
      const value = text(name);
      if (!value) problems.push(`--${name} is needed, or ${table[name].env} in the environment.`);
      return value ?? '';
    },
    checked,
    number,
    share: (name) => number(name, { least: 0, most: 1 }),
    url: (name) => checked(name, isHttpUrl, 'an http or https URL'),
  };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
