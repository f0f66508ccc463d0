import { Health } from '@ringside/protocol';
import type { Effects } from './effects.ts';
import { createHttpClient } from './http.ts';

const pauseMs = 500;

/**
 * Asks `/healthz` until it answers well.
 *
 * @returns whether Ringside answers there or another program; `none` when `waitSeconds` went by, or the signal came,
 * before one did
 */
export async function waitForServer(
  url: string,
  waitSeconds: number,
  { now, sleep }: Effects,
  signal: AbortSignal,
): Promise<'ringside' | 'other' | 'none'> {
  const client = createHttpClient(1);
  const request = { method: 'GET', url: `${url.replace(/\/+$/, '')}/healthz`, headers: {}, body: '' } as const;
  const deadline = now() + waitSeconds * 1_000;
  try {
    while (!signal.aborted) {
      const reply = await client.send(request, { connectMs: 2_000, readMs: 2_000 });
      if (reply.kind === 'answer' && reply.status >= 200 && reply.status < 300) return serviceOf(reply.body);
      if (now() + pauseMs > deadline) return 'none';
      await sleep(pauseMs, signal);
    }
    return 'none';
  } finally {
    client.close();
  }
}

function serviceOf(body: string): 'ringside' | 'other' {
  try {
    return Health.safeParse(JSON.parse(body)).success ? 'ringside' : 'other';
  } catch {
    return 'other';
  }
}
