import { isTimeZone, Role } from '@ringside/protocol';

/** How the text of one setting becomes its value. Throws an `Error` whose message says what is wrong with it. */
type Parse<T> = (text: string) => T;

interface Option<T> {
  readonly env: string;
  readonly meaning: string;
  /** Shown in the help; the value used when the setting is not given. */
  readonly fallback: T;
  readonly parse: Parse<T>;
  /** Never printed. */
  readonly secret?: true;
}

const text: Parse<string> = (value) => value;
const list: Parse<readonly string[]> = (value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

const port: Parse<number> = (value) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new Error('must be a port from 0 to 65535');
  return number;
};

const drainSeconds: Parse<number> = (value) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 300) throw new Error('must be whole seconds from 0 to 300');
  return number;
};

const callsPerSecond: Parse<number> = (value) => {
  const number = Number(value);
  if (!(number > 0 && number <= 1_000)) throw new Error('must be a number above 0, up to 1000');
  return number;
};

const concurrency: Parse<number> = (value) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 100_000) throw new Error('must be whole, from 1 to 100000');
  return number;
};

const connections: Parse<number> = (value) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 1_000_000)
    throw new Error('must be whole, from 1 to 1000000');
  return number;
};

const megabytes: Parse<number> = (value) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 8_192)
    throw new Error('must be whole megabytes from 1 to 8192');
  return number;
};

const urls: Parse<readonly string[]> = (value) =>
  list(value).map((item) => {
    const url = URL.canParse(item) ? new URL(item) : null;
    if (!url || !/^https?:$/.test(url.protocol)) throw new Error('must be http or https URLs, comma separated');
    return item.replace(/\/+$/, '');
  });

const url: Parse<string> = (value) => {
  const [only, ...more] = urls(value);
  if (only === undefined || more.length > 0) throw new Error('must be one http or https URL');
  return only;
};

const origins: Parse<readonly string[]> = (value) =>
  list(value).map((item) => {
    if (!URL.canParse(item) || new URL(item).origin !== item)
      throw new Error('must be origins such as https://app.example');
    return item;
  });

const databaseUrl: Parse<string> = (value) => {
  if (!/^postgres(ql)?:\/\/./.test(value) || !URL.canParse(value))
    throw new Error('must look like postgres://user:password@host:5432/database');
  checkCredentials(value);
  return value;
};

const natsServers: Parse<readonly string[]> = (value) =>
  list(value).map((item) => {
    if (!/^(nats|tls):\/\/./.test(item) || !URL.canParse(item)) throw new Error('must look like nats://host:4222');
    checkCredentials(item);
    return item;
  });

/** @throws where user and password cannot be decoded: whoever connects with them would throw later, without saying why */
function checkCredentials(url: string): void {
  const { username, password } = new URL(url);
  try {
    decodeURIComponent(username + password);
  } catch {
    throw new Error('must have user and password percent-encoded: write % as %25');
  }
}

const timeZone: Parse<string> = (value) => {
  if (!isTimeZone(value)) throw new Error('must be an IANA time zone such as Asia/Kolkata');
  return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
};

/** 32 bytes in base64 or hex. */
const secretKey: Parse<Buffer | null> = (value) => {
  const bytes = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64');
  if (bytes.length !== 32) throw new Error('must be 32 random bytes in base64 or hex');
  return bytes;
};

const longSecret: Parse<string> = (value) => {
  if (Buffer.byteLength(value) < 32) throw new Error('must have at least 32 bytes, or the tokens can be forged');
  return value;
};

const roleMap: Parse<ReadonlyMap<string, Role>> = (value) =>
  new Map(
    list(value).map((item) => {
      const [word = '', role] = item.split('=').map((part) => part.trim());
      const known = Role.options.find((name) => name === role);
      if (word === '' || !known) throw new Error('must be pairs such as owner=admin,agent=operator');
      return [word, known];
    }),
  );

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const level: Parse<(typeof levels)[number]> = (value) => {
  const found = levels.find((name) => name === value);
  if (!found) throw new Error(`must be one of ${levels.join(', ')}`);
  return found;
};

const proxies: Parse<boolean | readonly string[]> = (value) =>
  value === 'true' ? true : value === 'false' || value === '' ? false : list(value);

const yes: Parse<boolean> = (value) => {
  if (!['1', 'true', '0', 'false'].includes(value)) throw new Error('must be 1 or 0');
  return value === '1' || value === 'true';
};

function option<T>(env: string, meaning: string, fallback: NoInfer<T>, parse: Parse<T>, secret?: 'secret'): Option<T> {
  return { env, meaning, fallback, parse, ...(secret ? { secret: true } : {}) };
}

/** The configuration: environment names, meanings, defaults and checks in one table. Help and docs derive from it. */
export const options = {
  port: option('PORT', 'Port to listen on; 0 takes a free one', 4000, port),
  host: option('HOST', 'Address to listen on', '127.0.0.1', text),
  dataDir: option('RINGSIDE_DATA', 'Folder of the embedded store', './data', text),
  databaseUrl: option(
    'DATABASE_URL',
    'PostgreSQL that keeps the data instead of the embedded store, as postgres://user:password@host:5432/database',
    '',
    databaseUrl,
    'secret',
  ),
  natsServers: option<readonly string[]>(
    'NATS_URL',
    'NATS that tells nodes of one PostgreSQL what the others commit, as nats://host:4222; without it PostgreSQL does',
    [],
    natsServers,
    'secret',
  ),
  drainSeconds: option(
    'DRAIN_SECONDS',
    'How long a server that is to stop goes on serving while /readyz says 503, so that a balancer can turn away from it',
    0,
    drainSeconds,
  ),
  publicUrls: option<readonly string[]>(
    'PUBLIC_URL',
    'URL or URLs that the provider calls, comma separated; signatures are checked against them',
    [],
    urls,
  ),
  adminKey: option(
    'RINGSIDE_ADMIN_KEY',
    'API key with role admin; made and printed once when left out',
    '',
    text,
    'secret',
  ),
  allowedOrigins: option<readonly string[]>('ALLOWED_ORIGINS', 'Further origins for CORS and WebSocket', [], origins),
  plivoAuthId: option('PLIVO_AUTH_ID', 'Plivo account', '', text),
  plivoAuthTokens: option<readonly string[]>(
    'PLIVO_AUTH_TOKEN',
    'Plivo auth token; several while rotating, comma separated',
    [],
    list,
    'secret',
  ),
  plivoApiUrl: option(
    'PLIVO_API_URL',
    'Base URL of the Plivo API, which is asked for the record of a call whose end never came',
    'https://api.plivo.com',
    url,
  ),
  plivoCallsPerSecond: option<number | null>(
    'PLIVO_CPS',
    'Calls that Plivo lets each account start a second, where Ringside dials: 2, or a 25th of PLIVO_CONCURRENCY, when left out',
    null,
    callsPerSecond,
  ),
  plivoConcurrency: option<number | null>(
    'PLIVO_CONCURRENCY',
    'Calls at once that Plivo lets each account have, such as 50 in India; without limit when left out',
    null,
    concurrency,
  ),
  plivoTimeZone: option('PLIVO_TIMEZONE', 'Zone of callback times where it cannot be derived', 'UTC', timeZone),
  secretKey: option<Buffer | null>(
    'RINGSIDE_SECRET_KEY',
    'Key that seals provider tokens in the store, 32 bytes in base64 or hex, the same on every node; made in the data folder when left out',
    null,
    secretKey,
    'secret',
  ),
  jwtSecret: option('JWT_SECRET', 'HS256 secret of the host application’s logins', '', longSecret, 'secret'),
  jwtJwksUrl: option('JWT_JWKS_URL', 'Key set of the host application’s logins, instead of a secret', '', url),
  jwtIssuer: option('JWT_ISSUER', 'Issuer that those logins must name', '', text),
  jwtAudience: option('JWT_AUDIENCE', 'Audience that those logins must name', '', text),
  jwtWorkspaceClaim: option('JWT_WORKSPACE_CLAIM', 'Their claim that holds the workspace', 'clientId', text),
  jwtRoleClaim: option('JWT_ROLE_CLAIM', 'Their claim that holds the role; without one it is viewer', 'role', text),
  jwtRoles: option<ReadonlyMap<string, Role>>(
    'JWT_ROLES',
    'What the host’s roles mean here, such as owner=admin,agent=operator',
    new Map(),
    roleMap,
  ),
  trustProxy: option<boolean | readonly string[]>(
    'TRUST_PROXY',
    'Believe forwarded addresses from these proxies',
    false,
    proxies,
  ),
  metricsOpen: option(
    'METRICS_OPEN',
    'Show GET /metrics to everybody who can reach it, without a key: 1 or 0',
    false,
    yes,
  ),
  livePerKey: option(
    'LIVE_PER_KEY',
    'Live connections that one key or login may have on this node',
    1_000,
    connections,
  ),
  livePerLink: option('LIVE_PER_LINK', 'Live connections that one share link may have on this node', 500, connections),
  livePerAddress: option(
    'LIVE_PER_ADDRESS',
    'Live connections of one client address on this node; behind a proxy set TRUST_PROXY, or all are the proxy’s',
    2_000,
    connections,
  ),
  uploadMegabytes: option('UPLOAD_MEGABYTES', 'How large one uploaded list of contacts may be', 512, megabytes),
  simulation: option(
    'RINGSIDE_SIMULATION',
    'Let admins run a simulated campaign from an empty first page: 1 or 0',
    true,
    yes,
  ),
  logLevel: option('LOG_LEVEL', 'Level of the log', 'info', level),
} as const;

type Options = typeof options;

/** The parsed configuration, frozen and passed down from `main`. */
export type Config = { readonly [K in keyof Options]: ReturnType<Options[K]['parse']> };

/** A setting that cannot be used: one line for the operator. */
export class ConfigError extends Error {}

/** Values given as flags, by the name of the setting. */
export type Flags = { readonly [K in keyof Options]?: string | undefined };

/** Reads the configuration from an environment and from flags, which win. An empty value counts as not given. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, flags: Flags = {}): Config {
  const entries = Object.entries(options).map(([name, { env: key, fallback, parse }]) => {
    const flag = flags[name as keyof Options];
    const value = flag ?? env[key];
    if (value === undefined || value === '') return [name, fallback];
    try {
      return [name, parse(value)];
    } catch (error) {
      throw new ConfigError(`${flag === undefined ? key : flagOf(name)} ${(error as Error).message}`, { cause: error });
    }
  });
  return Object.freeze(Object.fromEntries(entries)) as Config;
}

/** The flag of a setting: `dataDir` is `--data-dir`. */
function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Settings that may be given as flags. Secrets may not: everybody on a machine can read its command lines. */
export function flagSettings(): readonly { name: keyof Config; flag: string; meaning: string }[] {
  return Object.entries(options)
    .filter(([, option]) => !('secret' in option))
    .map(([name, { meaning }]) => ({ name: name as keyof Config, flag: flagOf(name), meaning }));
}

/** One line per setting, for `--help`. */
export function configHelp(): string {
  const flags = new Map(flagSettings().map(({ name, flag }) => [String(name), flag]));
  return Object.entries(options)
    .map(([name, { env, meaning, fallback }]) => {
      const isUnset = fallback === null || fallback instanceof Map || String(fallback) === '';
      const shown = isUnset ? 'unset' : String(fallback);
      return `  ${env.padEnd(20)} ${(flags.get(name) ?? '').padEnd(18)} ${meaning} (default: ${shown})`;
    })
    .join('\n');
}
