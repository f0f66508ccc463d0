import { type FaultSettings, isPostFault, noPostFaults, type PostFault, postFaults } from './call-api/post-faults.ts';
import { isTimeZone } from './console-time.ts';
import {
  createReader,
  type Environment,
  type OptionReader,
  type OptionSpec,
  optionRows,
  type Range,
  readFlags,
} from './option-table.ts';
import { defaultZone } from './run-campaign.ts';
import { isScenarioName, type ScenarioName, scenarioNames } from './scenarios.ts';

const table = {
  port: { value: 'PORT', fallback: '4020', help: 'where the Call API is served: PLIVO_API_URL of the server' },
  'control-port': { value: 'PORT', help: 'where other processes ask what was dialed, and set faults' },
  'auth-id': { value: 'ID', env: 'PLIVO_AUTH_ID', help: 'the account' },
  'auth-token': { value: 'TOKEN', env: 'PLIVO_AUTH_TOKEN', help: 'its token; several with commas between' },
  cps: { value: 'N', fallback: '2', help: 'calls placed per second, in real time; more wait in a queue' },
  concurrency: { value: 'N', help: 'calls at once; more fail with code 5030; default: no limit' },
  requests: { value: 'N', fallback: '300', help: 'requests in any 5 s; more are answered 429' },
  speed: { value: 'FACTOR', fallback: '1', help: 'makes calls that many times shorter, talk included' },
  preset: { value: 'NAME', fallback: 'steady', help: `what calls are like: ${scenarioNames.join(', ')}` },
  seed: { value: 'TEXT', fallback: '1', help: 'the same seed answers the same numbers alike' },
  zone: { value: 'ZONE', fallback: defaultZone, help: 'time zone of the account’s console' },
  url: { value: 'URL', env: 'RINGSIDE_URL', help: 'the server that hears the voice bot’s verdicts; with --key' },
  key: { value: 'KEY', env: 'RINGSIDE_KEY', help: 'API key that may post events' },
  fault: { value: 'NAME=SHARE', many: true, help: 'share of the requests for calls that meet a fault, see below' },
  'slow-ms': { value: 'MS', fallback: String(noPostFaults.slowMs), help: 'how late slow answers are' },
  'hang-ms': { value: 'MS', fallback: String(noPostFaults.hangMs), help: 'how late hang requests are looked at' },
  forbidden: { value: 'PREFIX', many: true, help: 'numbers that begin so are answered 403' },
  duplicate: { value: 'SHARE', fallback: '0', help: 'callbacks that come twice, 0 to 1' },
  reorder: { value: 'SHARE', fallback: '0', help: 'rings, answers and machine verdicts that come after the hangup' },
  drop: { value: 'SHARE', fallback: '0', help: 'callbacks that never come' },
  late: { value: 'SECONDS', fallback: '0', help: 'callbacks come up to that late' },
  'bad-signatures': { value: 'SHARE', fallback: '0', help: 'callbacks that a forged copy goes ahead of' },
  'cdr-late': { value: 'SECONDS', fallback: '0', help: 'a record can be had only that long after its call' },
  'cdr-failures': {
    value: 'SHARE',
    fallback: '0',
    help: 'requests for records and lists that are answered 503 or 429',
  },
  help: { help: 'prints this' },
} as const satisfies Record<string, OptionSpec>;

type Reader = OptionReader<keyof typeof table>;

/** What the command line asks the Call API for. */
export interface ServeSettings {
  readonly port: number;
  /** `null`: nobody asks. */
  readonly controlPort: number | null;
  readonly authId: string;
  readonly authTokens: readonly string[];
  readonly callsPerSecond: number;
  /** `null`: no limit. */
  readonly concurrency: number | null;
  readonly requestsPer5Seconds: number;
  readonly speed: number;
  readonly preset: ScenarioName;
  readonly seed: string;
  readonly zone: string;
  /** `null`: there is no voice bot. */
  readonly leads: { readonly url: string; readonly key: string } | null;
  readonly faults: FaultSettings;
  readonly lateSeconds: number;
}

/** @returns the settings, `null` where help is asked for, or what is wrong */
export function readServe(argv: readonly string[], env: Environment): ServeSettings | string | null {
  const flags = readFlags(table, argv);
  if (typeof flags === 'string') return flags;
  if (flags.help) return null;
  const problems: string[] = [];
  const settings = readSettings(createReader({ table, flags, env, problems }), problems);
  return problems[0] ?? settings;
}

export function serveHelp(): string {
  const faults = Object.entries(postFaults).map(([name, what]) => `  ${name.padEnd(24)}${what}\n`);
  return `Usage: ringside-sandbox serve [options]\n\nServes Plivo’s Call API and plays the calls that are asked for. Nobody is called.\n\n${optionRows(table)}\nFaults:\n${faults.join('')}`;
}

const port: Range = { least: 0, most: 65_535, whole: true };
const amount: Range = { least: 1, most: 1_000_000, whole: true };
const milliseconds: Range = { least: 0, most: 3_600_000 };

function readSettings(reader: Reader, problems: string[]): ServeSettings {
  const { text, needed, number } = reader;
  return {
    port: number('port', port),
    controlPort: text('control-port') === undefined ? null : number('control-port', port),
    authId: needed('auth-id'),
    authTokens: needed('auth-token').split(',').filter(Boolean),
    callsPerSecond: number('cps', { least: 0.001, most: 10_000 }),
    concurrency: text('concurrency') === undefined ? null : number('concurrency', amount),
    requestsPer5Seconds: number('requests', amount),
    speed: number('speed', { least: 0.01, most: 10_000 }),
    preset: reader.checked('preset', isScenarioName, `one of ${scenarioNames.join(', ')}`) as ScenarioName,
    seed: text('seed') ?? '',
    zone: reader.checked('zone', isTimeZone, 'an IANA time zone such as Asia/Kolkata'),
    leads: text('key') === undefined ? null : { url: reader.url('url'), key: needed('key') },
    faults: readFaults(reader, problems),
    lateSeconds: number('cdr-late', { least: 0, most: 86_400 }),
  };
}

function readFaults({ texts, number, share }: Reader, problems: string[]): FaultSettings {
  return {
    shares: readShares(texts('fault'), problems),
    slowMs: number('slow-ms', milliseconds),
    hangMs: number('hang-ms', milliseconds),
    forbidden: texts('forbidden').map((prefix) => `+${prefix.replace(/^\+/, '')}`),
    reads: share('cdr-failures'),
    callbacks: {
      duplicate: share('duplicate'),
      reorder: share('reorder'),
      drop: share('drop'),
      badSignatures: share('bad-signatures'),
      lateSeconds: number('late', { least: 0, most: 86_400 }),
    },
  };
}

function readShares(given: readonly string[], problems: string[]): Partial<Record<PostFault, number>> {
  const shares: Partial<Record<PostFault, number>> = {};
  for (const text of given) {
    const [name = '', value = ''] = text.split('=');
    const share = Number(value);
    const isShare = value.trim() !== '' && share >= 0 && share <= 1;
    if (isPostFault(name) && isShare) shares[name] = share;
    else problems.push(`--fault must be a fault and its share from 0 to 1, as in lost-answer=0.01, not "${text}".`);
  }
  return shares;
}
