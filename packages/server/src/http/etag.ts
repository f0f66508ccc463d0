import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whether an `If-None-Match` names an ETag. */
export function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header
    .split(',')
    .some((candidate) => candidate.trim().replace(/^W\//, '') === etag || candidate.trim() === '*');
}

/** A document that is the same for everybody as long as the server runs: serialised once. */
export class PublicDocument {
  readonly #contentType: string;
  readonly #write: () => string;
  #written: { readonly body: Buffer; readonly etag: string } | null = null;

  constructor(contentType: string, write: () => string) {
    this.#contentType = contentType;
    this.#write = write;
  }

  send(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    this.#written ??= written(this.#write());
    const { body, etag } = this.#written;
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.type(this.#contentType).send(body);
  }
}

function written(text: string): { body: Buffer; etag: string } {
  const body = Buffer.from(text);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}
