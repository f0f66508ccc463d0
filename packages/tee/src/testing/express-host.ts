import express from 'express';
import type { TeeOptions } from '../options.ts';
import { serve, teeTo, type WatchedTee } from './watched-tee.ts';

/** A host that answers each callback, and everything its tee told it. */
export interface WatchedHost extends WatchedTee {
  readonly url: string;
}

/** A small host on Express, which ends with the test. */
export async function startExpressHost(ringsideUrl: string, options: Partial<TeeOptions> = {}): Promise<WatchedHost> {
  const watched = teeTo(ringsideUrl, options);
  const app = express();
  app.use('/plivo', watched.tee);
  app.use(express.urlencoded({ extended: true }));
  app.all('/plivo/hangup', (request, response) => void response.send(`billed ${request.body?.CallUUID}`));
  return { ...watched, url: await serve(app) };
}
