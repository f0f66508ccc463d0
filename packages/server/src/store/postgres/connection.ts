import pg from 'pg';
import { StoreNotThere, StoreOpenError } from '../store.ts';

/** Settings of the connections to one PostgreSQL. */
export interface PoolSettings {
  /** `postgres://…`, a secret: nothing of it but host, port, user and database is ever printed. */
  readonly url: string;
  readonly max: number;
  /** How long a writer waits for another writer of the same campaign. */
  readonly lockTimeoutMs: number;
  /** How long one statement may take; the client waits a little longer, for a server that does not answer at all. */
  readonly statementTimeoutMs: number;
  /** What the server's own lists call these connections. */
  readonly name?: string;
}

const CONNECT_WITHIN_MS = 3_000;
const ANSWER_GRACE_MS = 1_000;
const INT8 = 20;
/** The connections of nodes. */
export const SERVER_NAME = 'ringside';

/** Times and counters are far below 2^53, so they are numbers. */
const types = new pg.TypeOverrides();
types.setTypeParser(INT8, Number);

/**
 * Connections to PostgreSQL. Every hot statement is bound to a campaign by the first column of an index, so a plan
 * without one can only come from statistics that are not there yet; and it would be kept for as long as they are not.
 */
export function openPool(settings: PoolSettings): pg.Pool {
  const { url, max, lockTimeoutMs, statementTimeoutMs, name = SERVER_NAME } = settings;
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    pipeline: true,
    keepAlive: true,
    application_name: name,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: statementTimeoutMs + ANSWER_GRACE_MS,
    idleTimeoutMillis: 60_000,
    onConnect: async (client) => {
      await client.query(
        `SET lock_timeout = ${lockTimeoutMs}; SET statement_timeout = ${statementTimeoutMs};
         SET idle_in_transaction_session_timeout = ${statementTimeoutMs};
         SET default_transaction_isolation = 'read committed'; SET enable_seqscan = off; SET jit = off;
         SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`,
      );
    },
  });
  // An idle connection that breaks is replaced by the next one that is needed.
  pool.on('error', () => {});
  return pool;
}

/** A statement that PostgreSQL did not carry out. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /**
   * `again`: the same may succeed at once (a lock, a deadlock, a connection that was lost); `value`: something that
   * was to be stored cannot be; `fault`: storage does not work.
   */
  readonly kind: 'again' | 'value' | 'fault';

  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.kind = kindOf(cause);
  }
}

const AGAIN = /^(40001|40P01|55P03|57P01|57P02|57P03|08...)$/;
const VALUE = /^(22...|23...|54000)$/;

function kindOf(cause: unknown): QueryError['kind'] {
  const { code } = cause as { code?: string };
  if (code !== undefined && VALUE.test(code)) return 'value';
  if (code === undefined) return /terminated|not queryable/i.test(messageOf(cause)) ? 'again' : 'fault';
  return AGAIN.test(code) || code === 'ECONNRESET' || code === 'EPIPE' ? 'again' : 'fault';
}

function messageOf(cause: unknown): string {
  // Node puts what happened to each address of a name into an error without a message of its own.
  if (cause instanceof AggregateError && cause.message === '') return messageOf(cause.errors[0]);
  return (cause as Error).message;
}

/** Why the store cannot be opened, in one line for the operator. */
export function openError(url: string, error: unknown): StoreOpenError {
  if (error instanceof StoreOpenError) return error;
  const cause = error instanceof QueryError ? error.cause : error;
  const reason = reasonOf(cause, messageOf(cause));
  const Kind = mayPass(cause) ? StoreNotThere : StoreOpenError;
  return new Kind(`cannot open the store at ${shownUrl(url)}: ${reason}`, { cause: error });
}

/**
 * Lost connections, a server that starts or stops, is a standby during a failover, or has no connection, memory or disk
 * left. A name that does not resolve is among them: where containers have names, that of a stopped one does not.
 */
const PASSES =
  /^(08...|25006|40...|53...|55P03|57P0.|58...|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN)$/;

/** Whether the same may succeed later without anybody's doing. What is not known for sure is shown to the operator. */
function mayPass(cause: unknown): boolean {
  const code = codeOf(cause);
  return code === undefined ? /time-?out|terminated/i.test(messageOf(cause)) : PASSES.test(code);
}

function codeOf(cause: unknown): string | undefined {
  return (cause as { code?: string }).code ?? (cause as AggregateError).errors?.[0]?.code;
}

function reasonOf(cause: unknown, message: string): string {
  const code = codeOf(cause);
  if (/no encryption/.test(message)) return 'it wants TLS: add ?sslmode=verify-full to DATABASE_URL';
  if (/does not support SSL/.test(message))
    return 'it does not speak TLS: take sslmode out of DATABASE_URL, or set TLS up';
  if (/certificate/.test(message))
    return `its certificate is not trusted (${message}): name its authority with sslrootcert`;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'there is no such host';
    case 'ECONNREFUSED':
    case 'ENOENT':
      return 'nothing listens there';
    case '3D000':
      return 'there is no such database';
    case '28P01':
    case '28000':
      return 'it refuses this user or password';
    case '42501':
      return `the user may not do this (${message}): give it CREATE on the schema, or let its owner migrate`;
    case '53300':
      return 'it has no connection left';
    case '57P03':
      return 'it is starting up or shutting down';
    default:
      return message;
  }
}

/** A database URL without its password and parameters. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return 'DATABASE_URL';
  const { protocol, username, hostname, port, pathname } = new URL(url);
  return `${protocol}//${username ? `${username}@` : ''}${hostname}${port ? `:${port}` : ''}${pathname}`;
}
