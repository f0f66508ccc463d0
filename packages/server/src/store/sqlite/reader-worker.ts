import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { must } from '@ringside/core';
import { Reader } from './reader.ts';
import type { Request, Response } from './thread.ts';

/** An export can wait: callbacks, reports and pages go first where there are fewer cores than work. */
const NICENESS = 5;

const port = must(parentPort, 'the reader runs in a worker thread');

function open(): Reader | null {
  try {
    const reader = new Reader((workerData as { readonly dataDir: string }).dataDir);
    port.postMessage({ id: 0, value: null } satisfies Response);
    return reader;
  } catch (error) {
    port.postMessage({ id: 0, error: (error as Error).message, opening: true } satisfies Response);
    return null;
  }
}

/** Long reads let others in between, so several may be under way. */
async function answer(reader: Reader, { id, method, args }: Request): Promise<Response> {
  try {
    const call = reader[method as keyof Reader] as (...args: unknown[]) => unknown;
    return { id, value: await call.apply(reader, [...args]) };
  } catch (error) {
    return { id, error: (error as Error).message };
  }
}

/** The bytes of an export are handed over, not copied. */
function transferred(response: Response): ArrayBuffer[] {
  const value = 'value' in response ? (response.value as { readonly bytes?: Uint8Array<ArrayBuffer> } | null) : null;
  return value?.bytes ? [value.bytes.buffer] : [];
}

// Only Linux has a priority for each thread; elsewhere this would be that of the whole process. It can only be lowered.
if (process.platform === 'linux') setPriority(Math.max(getPriority(), NICENESS));

const reader = open();
if (reader) {
  port.on('message', async (request: Request) => {
    const response = await answer(reader, request);
    port.postMessage(response, transferred(response));
    if (request.method === 'close') port.close();
  });
}
