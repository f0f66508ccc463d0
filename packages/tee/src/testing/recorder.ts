import type { TeedCallback } from '../callback.ts';
import { listen, type TestHost } from './host.ts';

/** What a recorder answers to a post. */
export interface Scripted {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Where Ringside would be: keeps what is posted, and answers what it is told. */
export interface Recorder extends TestHost {
  readonly posts: TeedCallback[];
  readonly authorizations: (string | undefined)[];
  readonly paths: (string | undefined)[];
}

/** @param answer what to answer to the nth post, from 0 */
export async function startRecorder(answer: (post: number) => Scripted = () => ({ status: 200 })): Promise<Recorder> {
  const posts: TeedCallback[] = [];
  const authorizations: (string | undefined)[] = [];
  const paths: (string | undefined)[] = [];
  const host = await listen(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { status, headers = {}, body = '{}' } = answer(posts.length);
    posts.push(JSON.parse(text) as TeedCallback);
    authorizations.push(request.headers.authorization);
    paths.push(request.url);
    response.writeHead(status, headers).end(body);
  });
  return { ...host, posts, authorizations, paths };
}
