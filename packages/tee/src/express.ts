import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TeeOptions } from './options.ts';
import { createTee, type Tee } from './tee.ts';

export type { Drop, Refusal, TeeProblem } from './notices.ts';
export type { TeeOptions } from './options.ts';
export type { TeeStatus } from './tee.ts';

/** An Express middleware, with what else a host needs of its tee. */
export interface TeeMiddleware extends Omit<Tee, 'observe'> {
  (request: IncomingMessage & { readonly originalUrl?: string }, response: ServerResponse, next: () => void): void;
}

/**
 * An Express middleware that passes Plivo's callbacks on to Ringside after the host has answered them. It belongs
 * before the body parsers; after them it takes what `verify: tee.keepRawBody` kept.
 *
 * ```ts
 * const tee = ringsideTee({ url: 'https://ringside.example', key, publicUrl: 'https://calls.example' });
 * app.use('/plivo', tee);
 * ```
 *
 * @throws TypeError when an option cannot be used. Nothing is thrown later.
 */
export function ringsideTee(options: TeeOptions): TeeMiddleware {
  const { observe, ...rest } = createTee(options);
  const middleware = (
    request: IncomingMessage & { readonly originalUrl?: string },
    response: ServerResponse,
    next: () => void,
  ): void => {
    // A mounted middleware finds its mount path cut off from `url`.
    observe(request, response, request.originalUrl ?? request.url ?? '');
    next();
  };
  return Object.assign(middleware, rest);
}
