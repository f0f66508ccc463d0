import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LiveGuards } from '../access/live-guards.ts';
import { principalOf } from './access-hook.ts';

/** A file that is made while it is sent. */
export interface FileHead {
  readonly name: string;
  readonly contentType: string;
}

export type SendFile = (
  reply: FastifyReply,
  pieces: AsyncIterable<Uint8Array | string>,
  head: FileHead,
) => FastifyReply;

/**
 * Sends files of any length in constant memory: the next piece is made when the reader has taken the one before, and
 * none is made for a reader who left, whose access ended, or who asks for the head alone. The end of the server ends
 * them too: cut off, a file is seen to be incomplete.
 */
export function fileSender(app: FastifyInstance, guards: LiveGuards | null = null): SendFile {
  const open = new Set<Readable>();
  app.addHook('preClose', async () => {
    for (const file of open) file.destroy(new Error('the server stops'));
  });
  return (reply, pieces, { name, contentType }) => {
    reply
      .header('content-type', contentType)
      .header('content-disposition', `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`)
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff');
    const isHead = reply.request.method === 'HEAD';
    const file = Readable.from(isHead ? [] : pieces, { objectMode: false, highWaterMark: 1 });
    open.add(file);
    file.on('close', () => open.delete(file));
    if (guards) endWithAccess(file, reply.request, guards);
    return reply.send(file);
  };
}

/** Cuts off what is sent to somebody who may not read it any more: a slow reader could stay for hours. */
export function endWithAccess(file: Readable, request: FastifyRequest, guards: LiveGuards): void {
  const unguard = guards.addLate(principalOf(request), () => file.destroy(new Error('access ended')));
  file.on('close', unguard);
}
