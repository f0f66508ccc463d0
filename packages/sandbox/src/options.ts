import type { CallDetailOptions } from './call-detail-server.ts';
import { isTimeZone } from './console-time.ts';
import type { Faults } from './faults.ts';
import {
  createReader,
  type Environment,
  type OptionReader,
  type OptionSpec,
  optionRows,
  type Range,
  readFlags,
} from './option-table.ts';
import { defaultDelivery, defaultZone } from './run-campaign.ts';
import { isScenarioName, type Scenario, type ScenarioName, scenarioNames } from './scenarios.ts';
import { readServe, type ServeSettings, serveHelp } from './serve-options.ts';
import type { Method } from './signature.ts';

/** Every option of the dialer. */
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

/** What the command line asks the dialer for. */
export interface Settings {
  readonly url: string;
  /** False: the URL is the default, where another program may listen. */
  readonly urlIsGiven: boolean;
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
  | { readonly kind: 'serve'; readonly settings: ServeSettings }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * Reads the command line; an option that is not given comes from the environment, else it has its default. The first
 * word may be the command, `run` or `serve`.
 */
export function parseOptions(argv: readonly string[], env: Environment): ParsedOptions {
  const [command, ...others] = argv;
  if (command === 'serve') return parseServe(others, env);
  return parseRun(command === 'run' ? others : argv, env);
}

function parseRun(argv: readonly string[], env: Environment): ParsedOptions {
  const flags = readFlags(table, argv);
  if (typeof flags === 'string') return { kind: 'invalid', message: flags };
  if (flags.help) return { kind: 'help', text: helpText() };
  const problems: string[] = [];
  const settings = readSettings(createReader({ table, flags, env, problems }), problems, Boolean(flags.loop));
  if (flags.loop && flags.once) problems.push('--loop and --once exclude each other.');
  const [message] = problems;
  return message === undefined ? { kind: 'run', settings } : { kind: 'invalid', message };
}

function parseServe(argv: readonly string[], env: Environment): ParsedOptions {
  const read = readServe(argv, env);
  if (typeof read === 'string') return { kind: 'invalid', message: read };
  return read === null ? { kind: 'help', text: serveHelp() } : { kind: 'serve', settings: read };
}

export function helpText(): string {
  return `Usage: ringside-sandbox [run] [options]\n       ringside-sandbox serve [options]\n\nPlays an external dialer on Plivo against a Ringside server. serve plays Plivo itself: serve --help.\n\n${optionRows(table)}`;
}

function readSettings(reader: Reader, problems: string[], loop: boolean): Settings {
  const { text, needed, number, share } = reader;
  return {
    url: reader.url('url'),
    urlIsGiven: reader.isGiven('url'),
    key: needed('key'),
    authId: needed('auth-id'),
    authTokens: needed('auth-token').split(',').filter(Boolean),
    presets: readPresets(reader, problems),
    overrides: {
      ...override(reader, 'contacts', { least: 1, most: 10_000_000, whole: true }),
      ...override(reader, 'concurrency', { least: 1, most: 100_000, whole: true }),
      ...override(reader, 'cps', { least: 0.001, most: 1_000 }),
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

type OptionName = keyof typeof table;
type Reader = OptionReader<OptionName>;

function readCallDetails({ text, number, share }: Reader): Settings['callDetails'] {
  const others = { lateSeconds: number('cdr-late', { least: 0, most: 86_400 }), failures: share('cdr-failures') };
  if (text('cdr-port') === undefined) return null;
  return { port: number('cdr-port', { least: 0, most: 65_535, whole: true }), ...others };
}

function readPresets({ text, number }: Reader, problems: string[]): ScenarioName[] {
  const given = text('preset') ?? '';
  const named = given === 'all' ? scenarioNames : given.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !isScenarioName(name));
  if (unknown !== undefined) problems.push(`--preset has no "${unknown}"; there are ${scenarioNames.join(', ')}.`);
  const length =
    text('campaigns') === undefined ? named.length : number('campaigns', { least: 1, most: 1_000, whole: true });
  return Array.from({ length: length || 0 }, (_, index) => named[index % named.length]).filter(
    (name): name is ScenarioName => name !== undefined && isScenarioName(name),
  );
}

const overridden = { contacts: 'contacts', concurrency: 'concurrency', cps: 'callsPerSecond' } as const;

function override(reader: Reader, name: keyof typeof overridden, range: Range): Settings['overrides'] {
  return reader.text(name) === undefined ? {} : { [overridden[name]]: reader.number(name, range) };
}
