import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type RunningServer, startServer } from '@ringside/server';
import { pino } from 'pino';

export const ADMIN_KEY = 'tee-test-admin-key';
export const AUTH_TOKEN = 'tee-test-auth-token';
export const AUTH_ID = 'MATEETEST0000000000X';

/** The part of a report that these tests look at. */
export interface SeenReport {
  readonly recentActivity: readonly { readonly callUUID: string }[];
}

/** A Ringside server that can be stopped and started again, on one port and one data folder. */
export class TestRingside {
  readonly #dataDir: string;
  readonly #port: number;
  #server: RunningServer | null = null;

  private constructor(dataDir: string, port: number) {
    this.#dataDir = dataDir;
    this.#port = port;
  }

  /** Not started yet. */
  static async create(): Promise<TestRingside> {
    return new TestRingside(await temporaryFolder(), await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const config = loadConfig({
      PORT: String(this.#port),
      RINGSIDE_DATA: this.#dataDir,
      RINGSIDE_ADMIN_KEY: ADMIN_KEY,
      PLIVO_AUTH_ID: AUTH_ID,
      PLIVO_AUTH_TOKEN: AUTH_TOKEN,
      ...settings,
    });
    this.#server = await startServer(config, pino({ level: 'silent' }));
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    await server?.stop();
  }

  async destroy(): Promise<void> {
    await this.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  /** UUIDs of the calls that a campaign's report shows; `null` when there is no such campaign. */
  async callsOf(campaignId: string): Promise<string[] | null> {
    const response = await fetch(`${this.url}/v1/campaigns/${campaignId}/report?recent=100`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    if (response.status === 404) return null;
    const report = (await response.json()) as SeenReport;
    return report.recentActivity.map(({ callUUID }) => callUUID);
  }
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'ringside-tee-'));
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
