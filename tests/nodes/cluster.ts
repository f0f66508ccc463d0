import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedPostgres, type TestDatabases } from '../../packages/server/src/testing/postgres.ts';
import { KEY } from '../../packages/server/src/testing/running-server.ts';
import { type ServerProcess, startProcess } from '../../packages/server/src/testing/server-process.ts';
import { Balancer } from './balancer.ts';
import { PUBLIC_URL } from './sender.ts';

export const authorization = { authorization: `Bearer ${KEY}` };

/** Built servers in processes of their own over one real PostgreSQL, and a balancer before them. */
export interface Cluster {
  readonly postgres: TestDatabases;
  readonly databaseUrl: string;
  readonly balancerUrl: string;
  readonly balancer: Balancer;
  /** The nodes that run, in the order in which they were first started. */
  readonly nodes: ServerProcess[];
  /** Ends a node as an operator does, and starts it again over the same folder. */
  restart(at: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startCluster(count: number, env: Record<string, string> = {}): Promise<Cluster> {
  const postgres = await sharedPostgres();
  const databaseUrl = await postgres.database();
  const folder = mkdtempSync(join(tmpdir(), 'ringside-test-nodes-'));
  const balancer = new Balancer();
  const balancerUrl = await balancer.listen();
  const nodes: ServerProcess[] = [];

  async function start(at: number): Promise<void> {
    const node = await startProcess(join(folder, `node-${at}`), {
      DATABASE_URL: databaseUrl,
      RINGSIDE_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
      PUBLIC_URL,
      ...env,
    });
    if (node.url === '') throw new Error(`a node did not start: ${(await node.ended).stderr}`);
    nodes[at] = node;
    await balancer.add(node.url);
  }

  for (let at = 0; at < count; at += 1) await start(at);
  return {
    ...{ postgres, databaseUrl, balancerUrl, balancer, nodes },
    async restart(at) {
      const node = nodes[at];
      node?.child.kill('SIGTERM');
      const ended = await node?.ended;
      if (ended?.code !== 0) throw new Error(`a node ended with ${ended?.code} ${ended?.signal}: ${ended?.stderr}`);
      if (node) balancer.remove(node.url);
      await start(at);
    },
    async stop() {
      balancer.close();
      for (const { child } of nodes) {
        child.kill('SIGCONT');
        child.kill('SIGKILL');
      }
      await Promise.all(nodes.map(({ ended }) => ended));
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every call that a campaign has, by CallUUID, with its talk seconds; a call that is there twice is named. */
export async function callsOf(url: string, campaigns: readonly string[]): Promise<Map<string, number>> {
  const calls = new Map<string, number>();
  for (const id of campaigns) {
    const answer = await fetch(`${url}/v1/campaigns/${id}/calls.ndjson`, { headers: authorization });
    for (const line of (await answer.text()).split('\n').filter(Boolean)) {
      const { callUUID, duration } = JSON.parse(line) as { callUUID: string; duration: number };
      if (calls.has(callUUID)) throw new Error(`${callUUID} is there twice`);
      calls.set(callUUID, duration);
    }
  }
  return calls;
}

export async function attemptsOf(url: string, campaigns: readonly string[]): Promise<number> {
  let sum = 0;
  for (const id of campaigns) {
    const answer = await fetch(`${url}/v1/campaigns/${id}/report`, { headers: authorization });
    if (!answer.ok) throw new Error(`no report of ${id}: ${answer.status}`);
    sum += ((await answer.json()) as { progress: { attempts: number } }).progress.attempts;
  }
  return sum;
}

export async function register(url: string, campaigns: readonly string[]): Promise<void> {
  for (const id of campaigns) {
    const answer = await fetch(`${url}/v1/campaigns`, {
      method: 'POST',
      headers: { ...authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ id, name: id, totalCalls: 1_000_000, dialer: 'external' }),
    });
    if (answer.status !== 201) throw new Error(`${id} was not registered: ${answer.status}`);
  }
}
