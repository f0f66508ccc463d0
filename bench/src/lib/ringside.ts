import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CampaignCreate, CampaignSummary, EventInput, Report } from '@ringside/protocol';
import { PUBLIC_URL } from '../load/load.ts';
import { cpuSeconds } from './cpu.ts';

const script = fileURLToPath(new URL('../../../packages/server/dist/main.js', import.meta.url));

/** The real server as it is built, in a process of its own on an empty store. */
export interface Ringside {
  readonly url: string;
  readonly key: string;
  /** Token that its callbacks are signed with. */
  readonly token: string;
  readonly register: (campaign: Pick<CampaignCreate, 'id' | 'totalCalls'>) => Promise<void>;
  readonly send: (event: EventInput) => Promise<void>;
  readonly report: (campaign: string) => Promise<Report>;
  /** Any other request. @param as another key than its own */
  readonly ask: (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, as?: string) => Promise<unknown>;
  /** Processor seconds that it has used. */
  readonly cpuSeconds: () => number;
  readonly stop: () => Promise<void>;
}

/** What nodes of one PostgreSQL have in common. */
export interface Cluster {
  readonly databaseUrl: string;
  readonly adminKey: string;
  readonly secretKey: string;
}

/**
 * @param profileTo folder for CPU profiles of its threads, or `null`
 * @param cluster of which it is a node; left out, it has an embedded store
 */
export async function startRingside(profileTo: string | null, cluster?: Cluster): Promise<Ringside> {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-bench-'));
  const key = cluster?.adminKey ?? randomBytes(24).toString('base64url');
  const token = randomBytes(20).toString('hex');
  const profiling = profileTo === null ? [] : ['--cpu-prof', '--cpu-prof-dir', profileTo];
  const server = spawn(process.execPath, [...profiling, script], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: '0',
      PUBLIC_URL,
      RINGSIDE_DATA: folder,
      RINGSIDE_ADMIN_KEY: key,
      PLIVO_AUTH_ID: 'MABENCH00000000BENCH',
      PLIVO_AUTH_TOKEN: token,
      LOG_LEVEL: 'error',
      ...(cluster ? { DATABASE_URL: cluster.databaseUrl, RINGSIDE_SECRET_KEY: cluster.secretKey } : {}),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const remove = (): void => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  const url = await listening(server);
  return {
    url,
    key,
    token,
    ...api(url, key),
    cpuSeconds: () => cpuSeconds(server.pid ?? 0),
    async stop() {
      server.kill('SIGTERM');
      if (server.exitCode === null) await once(server, 'exit');
      process.off('exit', remove);
      remove();
    },
  };
}

function api(url: string, key: string): Pick<Ringside, 'register' | 'send' | 'report' | 'ask'> {
  const ask: Ringside['ask'] = async (method, path, body, as = key) => {
    const headers = { authorization: `Bearer ${as}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url + path, { headers, method, ...sent });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  return {
    ask,
    register: async ({ id, totalCalls }) => {
      const campaign = { id, name: `Bench ${id}`, totalCalls, defaultCountry: 'IN', currency: 'USD' };
      await ask('POST', '/v1/campaigns', campaign);
    },
    send: async (event) => {
      await ask('POST', '/v1/events', { events: [event] });
    },
    report: async (campaign) => (await ask('GET', `/v1/campaigns/${campaign}/report`)) as Report,
  };
}

/** Calls that a report counts as ended, by each of the two ways in which it counts them. */
export function endedCalls({ callMetrics, progress, campaignId }: CampaignSummary): number {
  const ended = progress.attempts - callMetrics.activeCalls;
  const byOutcome = Object.values(callMetrics.outcomes).reduce((sum, count) => sum + count, 0);
  if (ended !== byOutcome) throw new Error(`${campaignId}: ${ended} calls ended, but outcomes add up to ${byOutcome}`);
  return ended;
}

/** The address that it prints. What it says after that is an error, and passed on. */
function listening(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk;
      const url = /listens on (\S+)\n/.exec(output)?.[1];
      if (url === undefined) return;
      server.stdout?.off('data', read).pipe(process.stderr);
      resolve(url);
    };
    server.stdout?.on('data', read);
    server.once('exit', () => reject(new Error(`the server stopped before it listened: ${output}`)));
  });
}
