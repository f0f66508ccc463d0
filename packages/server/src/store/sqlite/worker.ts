import { parentPort, workerData } from 'node:worker_threads';
import { must } from '@ringside/core';
import { Engine, type EngineSettings } from './engine.ts';
import type { Request, Response } from './thread.ts';

const TIDY_EVERY_MS = 1_000;
const port = must(parentPort, 'the store runs in a worker thread');

function open(): Engine | null {
  try {
    const engine = new Engine(workerData as EngineSettings);
    port.postMessage({ id: 0, value: null } satisfies Response);
    return engine;
  } catch (error) {
    port.postMessage({ id: 0, error: (error as Error).message, opening: true } satisfies Response);
    return null;
  }
}

function answer(engine: Engine, { id, method, args }: Request): Response {
  try {
    const call = engine[method as keyof Engine] as (...args: unknown[]) => unknown;
    return { id, value: call.apply(engine, [...args]) };
  } catch (error) {
    return { id, error: (error as Error).message };
  }
}

const engine = open();
if (engine) {
  const tidying = setInterval(() => {
    try {
      engine.tidy(Date.now());
    } catch {
      // The sums stay marked as behind, so the next round writes them; a lasting fault shows in apply.
    }
  }, TIDY_EVERY_MS);
  port.on('message', (request: Request) => {
    port.postMessage(answer(engine, request));
    if (request.method !== 'close') return;
    clearInterval(tidying);
    port.close();
  });
}
