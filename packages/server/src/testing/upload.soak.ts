import { Readable } from 'node:stream';
import type { UploadAnswer } from '@ringside/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memoryOf, watchMemory } from './memory-of.ts';
import { KEY, temporaryFolder } from './running-server.ts';
import { type ServerProcess, startProcess } from './server-process.ts';

const ROWS = Number(process.env.ROWS ?? 1_000_000);
const PIECE = 1_000;
const MEGABYTE = 1024 * 1024;
const MOST_GROWTH = 100 * MEGABYTE;
const headers = { authorization: `Bearer ${KEY}` };

const folder = temporaryFolder();
let server: ServerProcess;
beforeAll(async () => {
  server = await startProcess(folder.path);
  const body = {
    id: 'big',
    name: 'Big',
    dialer: 'built-in',
    dial: { callerIds: ['+918035735659'] },
    answerXml: '<R/>',
  };
  await fetch(`${server.url}/v1/campaigns`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  // What a list loads and warms up is not what a long one takes.
  await upload(20 * PIECE, '?preview=1');
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  folder.remove();
});

/** A list as it comes out of a CRM; one row in a hundred has a number that is none. */
function* csv(rows: number): Generator<Uint8Array> {
  yield Buffer.from('customer id,mobile,name,city,timezone\r\n');
  for (let from = 0; from < rows; from += PIECE) {
    const lines = Array.from({ length: Math.min(PIECE, rows - from) }, (_, n) => {
      const at = from + n;
      const number = at % 100 === 99 ? '12' : `+9198${String(at).padStart(8, '0')}`;
      return `c-${at},${number},"Asha, ${at}",Pune,${at % 3 ? '' : 'Asia/Kolkata'}\r\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}

async function upload(rows: number, query = ''): Promise<UploadAnswer> {
  const body = Readable.toWeb(Readable.from(csv(rows))) as unknown as ReadableStream<Uint8Array>;
  const response = await fetch(`${server.url}/v1/campaigns/big/contacts${query}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/csv' },
    body,
    duplex: 'half',
  } as RequestInit);
  expect(response.status).toBe(200);
  return (await response.json()) as UploadAnswer;
}

it.each([
  ['a preview', '?preview=1'],
  ['an upload', ''],
])('%s of a million rows takes bounded memory', async (what, query) => {
  const before = memoryOf(server.child.pid);
  const watch = watchMemory(server.child.pid);
  const begun = performance.now();
  const { accepted, rejected, totalCalls } = await upload(ROWS, query);
  const seconds = (performance.now() - begun) / 1000;
  const growth = watch.stop() - before;
  const rate = Math.round(ROWS / seconds);
  console.log(
    `${what} of ${ROWS} rows: ${seconds.toFixed(0)} s, ${rate} rows/s; memory +${Math.round(growth / MEGABYTE)} MB, wanted +100 MB`,
  );
  const wrong = Math.floor(ROWS / 100);
  expect({ accepted, rejected }).toEqual({ accepted: ROWS - wrong, rejected: wrong });
  if (query === '') expect(totalCalls).toBe(accepted);
  expect(growth).toBeLessThan(MOST_GROWTH);
});
