import type { IncomingMessage, ServerResponse } from 'node:http';
import { rebuildForm } from './rebuild-form.ts';

/** Ringside takes no larger callback; Plivo's have about 1 KB. */
export const BODY_LIMIT = 65_536;

/** A request as Express and most other frameworks hand it on. */
export interface HostRequest extends IncomingMessage {
  /** What a body parser made of the body, if one ran. */
  body?: unknown;
  /** Set by hosts that keep the raw body for their own signature checks. */
  rawBody?: unknown;
}

/** What is known of a request's body once the host has answered. */
export type Captured =
  | { readonly state: 'raw' | 'rebuilt'; readonly text: string }
  | { readonly state: 'missing' }
  | { readonly state: 'too-large' };

/** Bodies that a parser's `verify` hook kept, by request. */
export type KeptBodies = WeakMap<object, Buffer>;

/**
 * Begins to copy a request's body, without reading from the request: whoever reads it, now or later or never, finds
 * it as it was. When somebody read it before, takes what they kept of it.
 *
 * @returns asks for the copy; to be called when the request has ended
 */
export function captureBody(request: HostRequest, kept: KeptBodies): () => Captured {
  if (!hasBody(request)) return () => ({ state: 'raw', text: '' });
  const tapped = canTap(request) ? tap(request) : null;
  // Taken at once: a handler may change the fields.
  const rebuilt = tapped ? null : rebuildForm(request.headers['content-type'], request.body);
  return () =>
    tapped?.() ?? keptBody(request, kept) ?? (rebuilt === null ? missing : { state: 'rebuilt', text: rebuilt });
}

const missing: Captured = { state: 'missing' };

function hasBody({ headers, httpVersionMajor }: IncomingMessage): boolean {
  if (headers['content-length'] !== undefined) return headers['content-length'] !== '0';
  return headers['transfer-encoding'] !== undefined || httpVersionMajor > 1;
}

/** Whether nothing was read yet. A compressed body is of no use: the copy is of what is on the wire. */
function canTap(request: IncomingMessage): boolean {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return false;
  if (request.readableDidRead || request.readableEnded || request.readableEncoding !== null) return false;
  return request.readableLength === 0 || request.listenerCount('data') + request.listenerCount('readable') === 0;
}

/**
 * Looks at chunks as the HTTP parser pushes them into the request. Listening to `data` would start the flow and lose
 * what a body parser after an asynchronous middleware is still to read.
 */
function tap(request: IncomingMessage): () => Captured | null {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let hasEnded = request.complete;
  const take = (chunk: Uint8Array): void => {
    bytes += chunk.byteLength;
    if (bytes <= BODY_LIMIT) chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    else chunks.length = 0;
  };

  // An asynchronous middleware before this one lets chunks pile up: they are looked at, and put back.
  const early: unknown = request.readableLength > 0 ? request.read() : null;
  if (early instanceof Uint8Array) {
    take(early);
    request.unshift(early);
  }
  const push = request.push;
  request.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk instanceof Uint8Array) take(chunk);
    else if (typeof chunk === 'string') take(Buffer.from(chunk, encoding));
    else if (chunk === null) hasEnded = true;
    return push.call(request, chunk, encoding);
  };

  // Node.js throws away what comes of a body after the response, unless somebody has asked for it by then.
  if (!request.complete) request.read(0);

  return () => {
    const length = request.headers['content-length'];
    if (bytes > BODY_LIMIT) return { state: 'too-large' };
    if (!hasEnded || (length !== undefined && Number(length) !== bytes)) return null;
    return { state: 'raw', text: Buffer.concat(chunks).toString() };
  };
}

/** Runs once the response has ended, however it did, and the request has come in whole; never if it does not. */
export function whenOver(request: IncomingMessage, response: ServerResponse, run: () => void): void {
  let hasEnded = false;
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    if (isWhole(request)) run();
    else if (!request.destroyed) request.once('close', () => isWhole(request) && run());
    // What nobody reads blocks the connection. Node.js sees to it, but not after the tee has asked for the body.
    if (request.listenerCount('data') + request.listenerCount('readable') === 0) request.resume();
  };
  response.once('finish', end);
  response.once('close', end);
}

/** A request that a test injects does not know, and is. */
function isWhole({ complete }: { readonly complete?: boolean }): boolean {
  return complete !== false;
}

/** What the host kept of the body: by the `verify` hook, as `rawBody`, or by a parser for raw or plain text. */
function keptBody(request: HostRequest, kept: KeptBodies): Captured | null {
  for (const candidate of [kept.get(request), request.rawBody, request.body]) {
    if (!Buffer.isBuffer(candidate) && typeof candidate !== 'string') continue;
    if (Buffer.byteLength(candidate) > BODY_LIMIT) return { state: 'too-large' };
    return { state: 'raw', text: candidate.toString() };
  }
  return null;
}
