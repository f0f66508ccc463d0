import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { LiveGuards } from '../access/live-guards.ts';
import { principalOf } from './access-hook.ts';

/** A file that is made while it is sent. */
export interface FileHead {
  readonly name: string;
  readonly contentType: string;
}

export type SendFile = (reply: FastifyReply, pieces: AsyncIterable<Uint8Array>, head: FileHead) => FastifyReply;

/**
 * Sends files of any length in constant memory: the next piece is made when the reader has taken the one before, and
 * none is made for a reader who left, or whose access ended. The end of the server ends them too: cut off, a file is
 * seen to be incomplete.
 */
export function fileSender(app: FastifyInstance, guards: LiveGuards): SendFile {
  const open = new Set<Readable>();
  app.addHook('preClose', async () => {
    for (const file of open) file.destroy(new Error('the server stops'));
  });
  return (reply, pieces, { name, contentType }) => {
    const file = Readable.from(pieces, { objectMode: false, highWaterMark: 1 });
    open.add(file);
    const unguard = guards.addLate(principalOf(reply.request), () => file.destroy(new Error('access ended')));
    file.on('close', () => {
      open.delete(file);
      unguard();
    });
    return reply
      .header('content-type', contentType)
      .header('content-disposition', `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`)
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .send(file);
  };
}
