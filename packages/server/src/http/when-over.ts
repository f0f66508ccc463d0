import type { FastifyReply } from 'fastify';

/**
 * Calls back when the response is over: sent, or its connection closed; at once where that is so already. A client may
 * leave while something is still looked up for it, and no event tells that a second time.
 */
export function whenOver({ raw }: Pick<FastifyReply, 'raw'>, over: () => void): void {
  if (raw.destroyed) over();
  else raw.once('close', over);
}
