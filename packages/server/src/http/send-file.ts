import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Slots } from '../access/slots.ts';
import { principalOf, tooMany, watchedAccessOf } from './access-hook.ts';
import { HttpProblem } from './problems.ts';
import { whenOver } from './when-over.ts';

/** Files of one workspace at once. One thread produces them all: no workspace may keep the others waiting. */
const MOST_AT_ONCE = 8;
const RETRY_SECONDS = 10;
/** A connection on which nothing moves for this long has no reader any more. */
const STALLED_MS = 60_000;

/** A file that is produced while it is sent. */
export interface FileHead {
  readonly name: string;
  readonly contentType: string;
}

/**
 * Sends files of any length in constant memory: the next piece is produced when the reader has taken the previous one.
 * None is produced for the answer to a HEAD. A file ends with its reader, its reader's access and the server; one that is
 * cut off is seen to be incomplete.
 */
export class FileSender {
  readonly #open = new Set<Readable>();
  readonly #slots = new Slots(MOST_AT_ONCE);

  constructor(app: FastifyInstance) {
    app.addHook('preClose', async () => {
      const stops = new HttpProblem('overloaded', 'The server stops: ask for the file again shortly.');
      for (const file of this.#open) file.destroy(stops);
    });
  }

  /** A hook of routes that send files: refuses one too many of a workspace, before anything is read for it. */
  readonly takeSlot = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const release = this.#slots.take(principalOf(request).workspace);
    if (!release) return done(tooMany(reply, RETRY_SECONDS));
    whenOver(reply, release);
    done();
  };

  /** @param release is called once, whether or not any piece was asked for */
  send(
    reply: FastifyReply,
    pieces: AsyncIterable<Uint8Array | string>,
    { name, contentType }: FileHead,
    release = (): void => {},
  ): FastifyReply {
    const isHead = reply.request.method === 'HEAD';
    const file = Readable.from(isHead ? [] : pieces, { objectMode: false, highWaterMark: 1 });
    this.#open.add(file);
    file.once('close', () => {
      this.#open.delete(file);
      release();
    });
    whenOver(reply, () => file.destroy());
    watchedAccessOf(reply.request).onEnd((why) => file.destroy(why));
    reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy());
    return reply
      .header('content-type', contentType)
      .header('content-disposition', `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`)
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .send(file);
  }
}
