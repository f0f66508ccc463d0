import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../services.ts';
import { principalOf, tooMany } from './access-hook.ts';
import { HttpProblem } from './problems.ts';
import { whenOver } from './when-over.ts';

const RETRY_SECONDS = 2;

/** Runs a read that goes over many rows when its turn comes. @throws HttpProblem 429 when too many wait already */
export async function heavyRead<T>(
  { heavyReads }: Pick<Services, 'heavyReads'>,
  request: FastifyRequest,
  reply: FastifyReply,
  read: () => Promise<T>,
): Promise<T> {
  const { workspace, actor } = principalOf(request);
  const entered = heavyReads.enter({ workspace, actor }, async () => ({ value: await read() }));
  if (!entered) throw tooMany(reply, RETRY_SECONDS);
  whenOver(reply, entered.drop);
  const found = await entered.result;
  if (!found) throw new HttpProblem('too-many-requests', 'The client left before its turn came.');
  return found.value;
}
