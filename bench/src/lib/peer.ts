import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type PeerName = 'signed-only' | 'body-only' | 'express-postgres' | 'same-bytes' | 'count-on-read' | 'database';

/** What a peer is told at its start. */
export interface PeerSetup {
  /** Token that callbacks are signed with. */
  readonly token: string;
  /** An answer to repeat: its head's lines and its body. */
  readonly answer?: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

export type ToPeer =
  | { readonly type: 'start'; readonly setup: PeerSetup }
  | { readonly type: 'ask'; readonly question: string };

export type FromPeer =
  | { readonly type: 'ready'; readonly url: string; readonly settings: string }
  | { readonly type: 'answer'; readonly value: number }
  | { readonly type: 'failed'; readonly message: string };

/** What the file of a peer provides. */
export interface RunningPeer {
  readonly url: string;
  readonly settings: string;
  readonly answer?: (question: string) => Promise<number>;
  readonly stop?: () => Promise<void>;
}

/** Runs this process as a peer until its parent lets go of it, in whatever way that comes about. */
export function runPeer(start: (setup: PeerSetup) => Promise<RunningPeer>): void {
  let peer: Promise<RunningPeer> | null = null;
  const tell = (message: FromPeer): void => {
    process.send?.(message);
  };
  const failed = (error: Error): void => tell({ type: 'failed', message: error.message });
  process.on('message', (message: ToPeer) => {
    if (message.type === 'start') {
      peer = start(message.setup);
      peer.then(({ url, settings }) => tell({ type: 'ready', url, settings }), failed);
    } else {
      const answer = peer?.then((running) => running.answer?.(message.question) ?? Number.NaN);
      answer?.then((value) => tell({ type: 'answer', value }), failed);
    }
  });
  process.on('disconnect', () => {
    const leave = () => process.exit();
    Promise.resolve(peer?.then((running) => running.stop?.())).then(leave, leave);
  });
}

/** A node:http server on a free port of the loopback interface. */
export async function listen(handle: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
