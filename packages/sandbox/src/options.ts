import { parseArgs } from 'node:util';
import type { CallDetailOptions } from './call-detail-server.ts';
import { isTimeZone } from './console-time.ts';
import type { Faults } from './faults.ts';
import { defaultDelivery, defaultZone } from './run-campaign.ts';
import { isScenarioName, type Scenario, type ScenarioName, scenarioNames } from './scenarios.ts';
import type { Method } from './signature.ts';

interface OptionSpec {
  /** Shown after the option; a switch has none. */
  readonly value?: string;
  readonly env?: string;
  readonly fallback?: string;
  readonly help: string;
}

/** Every option of the command line: what is read and what `--help` prints. */
const table = {
  url: { value: 'URL', env: 'RINGSIDE_URL', fallback: 'http://127.0.0.1:4000', help: 'the Ringside server' },
  key: { value: 'KEY', env: 'RINGSIDE_KEY', help: 'API key that may register campaigns and post events' },
  'auth-id': { value: 'ID', env: 'PLIVO_AUTH_ID', help: 'Plivo account that the callbacks name' },
  'auth-token': { value: 'TOKEN', env: 'PLIVO_AUTH_TOKEN', help: 'signs the callbacks; several with commas between' },
  preset: { value: 'NAMES', fallback: 'steady', help: `what campaigns are like: ${scenarioNames.join(', ')}; or all` },
  campaigns: { value: 'N', help: 'campaigns at once, taking the presets in turn; default: one of each preset' },
  contacts: { value: 'N', help: 'contacts of each campaign, instead of the preset’s' },
  concurrency: { value: 'N', help: 'calls at once of each campaign, instead of the preset’s' },
  cps: { value: 'N', help: 'calls per second of each campaign, instead of the preset’s' },
  seed: { value: 'TEXT', fallback: '1', help: 'the same seed plays the same calls' },
  backfill: { value: 'MINUTES', fallback: '0', help: 'campaigns began that long ago; the past is replayed at once' },
  speed: { value: 'FACTOR', fallback: '1', help: 'makes everything that many times shorter, talk included' },
  duplicate: { value: 'SHARE', fallback: '0', help: 'callbacks that come twice, 0 to 1' },
  reorder: { value: 'SHARE', fallback: '0', help: 'rings, answers and machine verdicts that come after the hangup' },
  drop: { value: 'SHARE', fallback: '0', help: 'callbacks that never come' },
  late: { value: 'SECONDS', fallback: '0', help: 'callbacks come up to that late' },
  'bad-signatures': { value: 'SHARE', fallback: '0', help: 'callbacks that a forged copy goes ahead of' },
  'cdr-port': { value: 'PORT', help: 'serves call-detail records there, as Plivo’s API does, until stopped' },
  'cdr-late': { value: 'SECONDS', fallback: '0', help: 'a record can be had only that long after its call' },
  'cdr-failures': { value: 'SHARE', fallback: '0', help: 'requests for records that are answered 503 or 429' },
  zone: { value: 'ZONE', fallback: defaultZone, help: 'time zone of the Plivo account’s console' },
  method: { value: 'POST|GET', fallback: 'POST', help: 'how callbacks are sent' },
  delivery: { value: 'OPTIONS', fallback: defaultDelivery, help: 'as in the fragment of a Plivo callback URL' },
  wait: { value: 'SECONDS', fallback: '60', help: 'how long to wait for the server to be up' },
  record: { value: 'FILE', help: 'appends what each campaign really did, one JSON line each' },
  loop: { help: 'starts a new campaign when one is over, until stopped' },
  once: { help: 'ends when all campaigns are over, which is the default' },
  help: { help: 'prints this' },
} as const satisfies Record<string, OptionSpec>;

type OptionName = keyof typeof table;

/** What the command line asks for. */
export interface Settings {
  readonly url: string;
  readonly key: string;
  readonly authId: string;
  readonly authTokens: readonly string[];
  /** The scenario of each campaign that runs at the same time. */
  readonly presets: readonly ScenarioName[];
  readonly overrides: Partial<Pick<Scenario, 'contacts' | 'concurrency' | 'callsPerSecond'>>;
  readonly seed: string;
  readonly backfillMinutes: number;
  readonly speed: number;
  readonly faults: Faults;
  readonly zone: string;
  readonly method: Method;
  readonly delivery: string;
  readonly waitSeconds: number;
  readonly recordFile: string | null;
  /** `null`: no call-detail records are served. */
  readonly callDetails: Required<Pick<CallDetailOptions, 'port' | 'lateSeconds' | 'failures'>> | null;
  readonly loop: boolean;
}

/** What came of reading the command line. */
export type ParsedOptions =
  | { readonly kind: 'run'; readonly settings: Settings }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'invalid'; readonly message: string };

/** Reads the command line; an option that is not given comes from the environment, else it has its default. */
export function parseOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ParsedOptions {
  const flags = readFlags(argv);
  if (typeof flags === 'string') return { kind: 'invalid', message: flags };
  if (flags.help) return { kind: 'help', text: helpText() };
  const problems: string[] = [];
  const settings = readSettings(createReader(flags, env, problems), Boolean(flags.loop));
  if (flags.loop && flags.once) problems.push('--loop and --once exclude each other.');
  const [message] = problems;
  return message === undefined ? { kind: 'run', settings } : { kind: 'invalid', message };
}

export function helpText(): string {
  const rows = Object.entries<OptionSpec>(table).map(([name, { value, env, fallback, help }]) => {
    const notes = [env, fallback === undefined ? undefined : `default ${fallback}`].filter(Boolean).join(', ');
    return `  ${`--${name}${value ? ` ${value}` : ''}`.padEnd(24)}${help}${notes ? ` (${notes})` : ''}`;
  });
  return `Usage: ringside-sandbox [options]\n\nPlays an external dialer on Plivo against a Ringside server.\n\n${rows.join('\n')}\n`;
}

type Flags = Readonly<Partial<Record<OptionName, string | boolean>>>;

function readFlags(argv: readonly string[]): Flags | string {
  const options = Object.fromEntries(
    Object.entries<OptionSpec>(table).map(([name, { value }]) => [
      name,
      { type: value ? 'string' : 'boolean' } as const,
    ]),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

function readSettings(reader: Reader, loop: boolean): Settings {
  const { text, needed, number } = reader;
  const share = (name: OptionName) => number(name, { least: 0, most: 1 });
  return {
    url: reader.url(),
    key: needed('key'),
    authId: needed('auth-id'),
    authTokens: needed('auth-token').split(',').filter(Boolean),
    presets: reader.presets(),
    overrides: {
      ...reader.override('contacts', 'contacts', { least: 1, most: 10_000_000, whole: true }),
      ...reader.override('concurrency', 'concurrency', { least: 1, most: 100_000, whole: true }),
      ...reader.override('cps', 'callsPerSecond', { least: 0.001, most: 1_000 }),
    },
    seed: text('seed') ?? '',
    backfillMinutes: number('backfill', { least: 0, most: 7 * 1_440 }),
    speed: number('speed', { least: 0.01, most: 10_000 }),
    faults: {
      duplicate: share('duplicate'),
      reorder: share('reorder'),
      drop: share('drop'),
      badSignatures: share('bad-signatures'),
      lateSeconds: number('late', { least: 0, most: 86_400 }),
    },
    zone: reader.checked('zone', isTimeZone, 'an IANA time zone such as Asia/Kolkata'),
    method: reader.checked('method', (value) => value === 'POST' || value === 'GET', 'POST or GET') as Method,
    delivery: text('delivery') ?? '',
    waitSeconds: number('wait', { least: 0, most: 86_400 }),
    recordFile: text('record') ?? null,
    callDetails: readCallDetails(reader),
    loop,
  };
}

function readCallDetails({ text, number }: Reader): Settings['callDetails'] {
  const others = {
    lateSeconds: number('cdr-late', { least: 0, most: 86_400 }),
    failures: number('cdr-failures', { least: 0, most: 1 }),
  };
  if (text('cdr-port') === undefined) return null;
  return { port: number('cdr-port', { least: 0, most: 65_535, whole: true }), ...others };
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

type Reader = ReturnType<typeof createReader>;

/** Reads single options; whatever cannot be used becomes a problem, and the value then does not matter. */
function createReader(flags: Flags, env: Readonly<Record<string, string | undefined>>, problems: string[]) {
  const text = (name: OptionName): string | undefined => {
    const spec: OptionSpec = table[name];
    const given = flags[name] ?? (spec.env ? env[spec.env] || undefined : undefined) ?? spec.fallback;
    return typeof given === 'string' ? given : undefined;
  };
  const checked = (name: OptionName, isGood: (value: string) => boolean, what: string): string => {
    const value = text(name) ?? '';
    if (!isGood(value)) problems.push(`--${name} must be ${what}, not "${value}".`);
    return value;
  };
  const number = (name: OptionName, { least, most, whole = false }: Range): number => {
    const isGood = (value: string) => {
      const parsed = Number(value);
      return value.trim() !== '' && parsed >= least && parsed <= most && (!whole || Number.isInteger(parsed));
    };
    return Number(checked(name, isGood, `${whole ? 'a whole number' : 'a number'} from ${least} to ${most}`));
  };
  const needed = (name: OptionName): string => {
    const value = text(name);
    const { env: variable }: OptionSpec = table[name];
    if (!value) problems.push(`--${name} is needed, or ${variable} in the environment.`);
    return value ?? '';
  };
  const presets = (): ScenarioName[] => {
    const named =
      text('preset') === 'all' ? scenarioNames : (text('preset') ?? '').split(',').map((name) => name.trim());
    const unknown = named.find((name) => !isScenarioName(name));
    if (unknown !== undefined) problems.push(`--preset has no "${unknown}"; there are ${scenarioNames.join(', ')}.`);
    const length =
      text('campaigns') === undefined ? named.length : number('campaigns', { least: 1, most: 1_000, whole: true });
    return Array.from({ length: length || 0 }, (_, index) => named[index % named.length]).filter(
      (name): name is ScenarioName => name !== undefined && isScenarioName(name),
    );
  };
  return {
    text,
    checked,
    number,
    needed,
    presets,
    url: () => checked('url', isHttpUrl, 'an http or https URL'),
    override: <K extends keyof Settings['overrides']>(name: OptionName, as: K, range: Range) =>
      text(name) === undefined ? {} : ({ [as]: number(name, range) } as Record<K, number>),
  };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
