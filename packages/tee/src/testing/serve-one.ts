import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, vi } from 'vitest';
import { type Captured, captureBody, type HostRequest, whenOver } from '../raw-body.ts';
import { listen } from './host.ts';

const FORM = 'application/x-www-form-urlencoded';

/** What was answered, and what the capture held when the request was over. */
export interface Seen {
  readonly answer: string;
  readonly captured: Captured;
}

/** Handles a request, and says when to begin to capture its body. */
export type Handle = (request: HostRequest, response: ServerResponse, capture: () => void) => unknown;

/** Serves one request. */
export async function serveOne(handle: Handle, ask: (url: string) => Promise<string>): Promise<Seen> {
  let done = (_captured: Captured): void => {};
  const captured = new Promise<Captured>((resolve) => {
    done = resolve;
  });
  const host = await listen((request: IncomingMessage, response) => {
    handle(request, response, () => {
      const copyOf = captureBody(request, new WeakMap());
      whenOver(request, response, () => done(copyOf()));
    });
  });
  onTestFinished(() => host.close());
  const answer = await ask(host.url);
  return { answer, captured: await captured };
}

/** Posts a form in one piece. */
export function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  return async (url: string): Promise<string> => {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': FORM, ...headers }, body });
    return answer.text();
  };
}

/** Sends a chunked body in pieces, each when `mayGoOn` says so. */
export function postPieces(pieces: readonly string[], mayGoOn: (piece: number) => Promise<void>) {
  return async (url: string): Promise<string> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Type: ${FORM}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (const [index, piece] of pieces.entries()) {
      await mayGoOn(index);
      socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    }
    socket.write('0\r\n\r\n');
    await vi.waitFor(() => expect(answer).toContain('\r\n\r\n'), { interval: 1 });
    return answer.slice(answer.indexOf('\r\n\r\n') + 4);
  };
}

/** Reads all that is left of a request. */
export async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
