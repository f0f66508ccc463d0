import type { Express } from 'express';
import { expect, onTestFinished, vi } from 'vitest';
import { ringsideTee, type TeeMiddleware } from '../express.ts';
import type { Drop, Refusal, TeeProblem } from '../notices.ts';
import type { TeeOptions } from '../options.ts';
import type { Tee } from '../tee.ts';
import { PUBLIC_URL } from './callbacks.ts';
import { listen } from './host.ts';
import { startRecorder } from './recorder.ts';
import { ADMIN_KEY } from './ringside.ts';

/** A tee, and everything it told its host. */
export interface WatchedTee {
  readonly tee: TeeMiddleware;
  readonly refusals: Refusal[];
  readonly drops: Drop[];
  readonly problems: TeeProblem[];
}

/** A tee to a Ringside server, which ends with the test. */
export function teeTo(url: string, options: Partial<TeeOptions> = {}): WatchedTee {
  const refusals: Refusal[] = [];
  const drops: Drop[] = [];
  const problems: TeeProblem[] = [];
  const tee = ringsideTee({
    url,
    key: ADMIN_KEY,
    publicUrl: PUBLIC_URL,
    onRefused: (refusal) => refusals.push(refusal),
    onDrop: (drop) => drops.push(drop),
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  onTestFinished(() => tee.close(1));
  return { tee, refusals, drops, problems };
}

/** A recorder in the place of Ringside, and a tee to it. */
export async function teeToRecorder() {
  const recorder = await startRecorder();
  onTestFinished(() => recorder.close());
  return { recorder, ...teeTo(recorder.url) };
}

/** Listens with a host, which ends with the test. @returns its URL */
export async function serve(app: Express): Promise<string> {
  const host = await listen(app);
  onTestFinished(() => host.close());
  return host.url;
}

/** Fulfils when a tee has delivered that many callbacks, and none waits. */
export function delivered(tee: Pick<Tee, 'status'>, count: number): Promise<void> {
  return vi.waitFor(() => expect(tee.status()).toMatchObject({ delivered: count, waiting: 0 }), 15_000);
}
