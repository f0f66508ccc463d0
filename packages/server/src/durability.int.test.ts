import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { callFromText } from '@ringside/core';
import type { Report } from '@ringside/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hangup, KEY, sendCallback, temporaryFolder } from './testing/running-server.ts';
import { type ServerProcess, startProcess } from './testing/server-process.ts';

/** A quick run; the long one is 50. */
const KILLS = Number(process.env.KILLS ?? 2);
const SENDERS = 64;
const EVENTS_PER_REQUEST = 4;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** Calls that the server acknowledged, with their talk seconds. */
type Acknowledged = Map<string, number>;

/** Sends batches of events from many connections until the server is gone. */
async function sendUntilKilled(
  url: string,
  round: number,
  acknowledged: Acknowledged,
  sent: Set<string>,
): Promise<void> {
  let serial = 0;
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  async function sender(): Promise<void> {
    for (;;) {
      const events = Array.from({ length: EVENTS_PER_REQUEST }, () => endedCall(round, serial++));
      for (const { callId } of events) sent.add(callId);
      const response = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ events }),
      }).catch(() => null);
      const text = await response?.text().catch(() => null);
      if (text == null) return;
      const { results } = JSON.parse(text) as { results: { index: number; result: string }[] };
      for (const { index, result } of results) {
        const event = events[index];
        if (event && result === 'accepted') acknowledged.set(event.callId, event.duration);
      }
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

function endedCall(round: number, serial: number) {
  const to = `+9198${String(round * 1_000_000 + serial).padStart(8, '0')}`;
  const at = new Date().toISOString();
  return {
    type: 'ended',
    campaignId: 'kill',
    callId: `r${round}-${serial}`,
    to,
    at,
    status: 'completed',
    duration: 1 + (serial % 300),
  };
}

/** What the store holds, read beside the server from the file itself. */
function storedCalls(): Map<string, number> {
  const db = new DatabaseSync(join(folder.path, 'ringside.db'));
  const rows = db.prepare('SELECT call_row, record FROM calls').all() as { call_row: string; record: string }[];
  db.close();
  return new Map(rows.map(({ call_row: row, record }) => [row, callFromText(record).ended?.value.duration ?? 0]));
}

async function reportOf(server: ServerProcess): Promise<Report> {
  const response = await fetch(`${server.url}/v1/campaigns/kill/report`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  return (await response.json()) as Report;
}

describe('kill -9 during intake', () => {
  it(`loses nothing that was acknowledged and invents nothing, ${KILLS} times`, {
    timeout: 60_000 * KILLS,
  }, async () => {
    const acknowledged: Acknowledged = new Map();
    const sent = new Set<string>();
    let seconds = 0;
    for (let round = 0; round < KILLS; round++) {
      const server = await startProcess(folder.path);
      const began = performance.now();
      const sending = sendUntilKilled(server.url, round, acknowledged, sent);
      await new Promise((resolve) => setTimeout(resolve, 500 + 150 * (round % 7)));
      server.child.kill('SIGKILL');
      seconds += (performance.now() - began) / 1000;
      await Promise.all([sending, server.ended]);
    }
    const server = await startProcess(folder.path);
    const report = await reportOf(server);
    server.child.kill('SIGTERM');
    await server.ended;
    const stored = storedCalls();
    const lost = [...acknowledged].filter(([id, duration]) => stored.get(id) !== duration);
    const invented = [...stored.keys()].filter((id) => !sent.has(id));
    expect({ lost, invented }).toEqual({ lost: [], invented: [] });
    expect(acknowledged.size).toBeGreaterThan(200 * KILLS);
    // The counters, rebuilt from their log, tell of the same calls as the rows.
    expect(report.progress.attempts).toBe(stored.size);
    expect(report.callMetrics.totalDuration).toBe([...stored.values()].reduce((sum, seconds) => sum + seconds, 0));
    const rate = Math.round(acknowledged.size / seconds);
    console.log(
      `${KILLS} kills at ${rate} events/s: ${acknowledged.size} acknowledged, ${stored.size} stored, 0 lost, 0 invented`,
    );
  });
});

function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('the disk', () => {
  it('has each callback before it is answered', { timeout: 60_000, skip: !hasStrace() }, async () => {
    const trace = join(folder.path, 'trace');
    const calls = 'trace=fdatasync,fsync,read,write,writev';
    const server = await startProcess(join(folder.path, 'data'), {}, [
      'strace',
      '-f',
      '-s',
      '200',
      '-o',
      trace,
      '-e',
      calls,
    ]);
    for (let i = 0; i < 5; i++)
      expect((await sendCallback(server.url, 'hangup', 'traced', hangup(`tr-${i}`))).status).toBe(200);
    const pid = Number(execFileSync('pgrep', ['-P', String(server.child.pid)], { encoding: 'utf8' }).trim());
    process.kill(pid, 'SIGTERM');
    await server.ended;
    const lines = readFileSync(trace, 'utf8').split('\n');
    const requests = lines.flatMap((line, at) => (line.includes('POST /plivo/hangup-url') ? [at] : []));
    const answers = lines.flatMap((line, at) => (/write.*HTTP\/1\.1 200 OK.*text\/plain/.test(line) ? [at] : []));
    expect([requests.length, answers.length]).toEqual([5, 5]);
    requests.forEach((request, i) => {
      const between = lines.slice(request, answers[i]);
      expect(
        between.some((line) => /fdatasync|fsync/.test(line)),
        `sync between request ${i} and its answer`,
      ).toBe(true);
    });
  });
});
