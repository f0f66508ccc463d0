import type { FastifyReply } from 'fastify';
import { HttpProblem } from '../http/problems.ts';

/** The refusal of one live connection too many. */
export function tooManyConnections(reply: FastifyReply, seconds: number): HttpProblem {
  reply.header('retry-after', seconds);
  return new HttpProblem('too-many-connections', connectionsDetail(seconds));
}

export function connectionsDetail(seconds: number): string {
  return `This key, login, link or address has all the live connections that it may have. Poll, or try again in ${seconds} s.`;
}
