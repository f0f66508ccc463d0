import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { prefersHtml } from './accept.ts';
import { sharedPageHeaders } from './page-headers.ts';

/** The built dashboard, beside this package in the workspace. */
export const pageFolder = fileURLToPath(new URL('../../../dashboard/dist/', import.meta.url));

const file = join(pageFolder, 'index.html');
const page = existsSync(file) ? readFileSync(file) : null;

/** Answers a browser that opens an address which leads nowhere with the page, which says so. @returns whether it did */
export function answerWithPage({ method, headers }: FastifyRequest, reply: FastifyReply, status: number): boolean {
  if (!page || (method !== 'GET' && method !== 'HEAD') || !prefersHtml(headers.accept)) return false;
  reply
    .code(status)
    .headers({ 'cache-control': 'no-cache', vary: 'accept', ...sharedPageHeaders })
    .type('text/html; charset=utf-8')
    .send(page);
  return true;
}
