import { startPostgres, type TestPostgres } from '../../packages/server/src/testing/postgres.ts';
import { AUTH_ID } from '../../packages/server/src/testing/running-server.ts';
import { Balancer } from '../nodes/balancer.ts';
import { untilTrue } from './provider-process.ts';
import { type ServerUnderFire, startUnderFire } from './server-under-fire.ts';

/** Who dials for the account, as the database has it. */
export interface Dialing {
  readonly node: ServerUnderFire;
  /** Grows with each change of hands. */
  readonly token: number;
}

/** Nodes that dial for one account over one PostgreSQL, behind a balancer that the provider's callbacks go to. */
export interface DialingNodes {
  readonly postgres: TestPostgres;
  readonly nodes: readonly ServerUnderFire[];
  readonly balancerUrl: string;
  /** Whoever holds the account's lease. */
  owner(): Promise<Dialing>;
  /** Waits until the lease has changed hands. */
  newOwner(before: Dialing): Promise<Dialing>;
  stop(): Promise<void>;
}

const TAKEN_OVER_WITHIN_MS = 60_000;

export async function startDialingNodes(
  count: number,
  providerUrl: string,
  env: Record<string, string>,
): Promise<DialingNodes> {
  const postgres = await startPostgres();
  const databaseUrl = await postgres.database();
  const balancer = new Balancer();
  const balancerUrl = await balancer.listen();
  const nodes: ServerUnderFire[] = [];
  for (let at = 0; at < count; at += 1) {
    const node = await startUnderFire(providerUrl, {
      ...{ DATABASE_URL: databaseUrl, PUBLIC_URL: balancerUrl, ...env },
      RINGSIDE_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
    });
    nodes.push(node);
    await balancer.add(node.url);
  }
  const owner = async (): Promise<Dialing> => {
    const sql = `SELECT owner, token FROM leases WHERE name = 'dialer/${AUTH_ID}'`;
    const [row] = await postgres.query(databaseUrl, sql);
    const pid = Number(/-(\d+)-[0-9a-f]+$/.exec(String(row?.owner))?.[1]);
    const node = nodes.find((one) => one.process().pid === pid);
    if (!node) throw new Error(`no node is process ${pid}`);
    return { node, token: Number(row?.token) };
  };
  return {
    ...{ postgres, nodes, balancerUrl, owner },
    async newOwner(before) {
      let now = before;
      await untilTrue(async () => {
        now = await owner().catch(() => now);
        return now.token > before.token;
      }, TAKEN_OVER_WITHIN_MS);
      return now;
    },
    async stop() {
      balancer.close();
      await Promise.all(nodes.map((node) => node.stop()));
      await postgres.stop();
    },
  };
}

/** Stops a process in its tracks. @returns lets it go on */
export function freeze({ process }: ServerUnderFire): () => void {
  const child = process();
  child.kill('SIGSTOP');
  return () => void child.kill('SIGCONT');
}
