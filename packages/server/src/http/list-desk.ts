import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { maskOf } from '../access/principal.ts';
import type { Services } from '../services.ts';
import { RejectFile } from '../upload/reject-file.ts';
import { Tally } from '../upload/rejected.ts';
import type { ListFormat } from '../upload/source-rows.ts';
import { UploadRefused } from '../upload/upload-refused.ts';
import { principalOf, watchedAccessOf } from './access-hook.ts';
import { HttpProblem } from './problems.ts';
import type { FileSender } from './send-file.ts';
import { SlowSenders } from './slow-senders.ts';
import { type BodyLimits, bodyPieces, checkLength } from './upload-body.ts';

const NDJSON = 'application/x-ndjson';
const MEBIBYTE = 1024 ** 2;
const PACE = { idleMs: 30_000, patienceMs: 60_000, bytesPerSecond: 1_024 };

const formats: Readonly<Record<string, ListFormat>> = {
  'text/csv': 'csv',
  [NDJSON]: 'ndjson',
  'application/json': 'json',
};

/** A list as it comes in. */
export interface IncomingList {
  readonly format: ListFormat;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly tally: Tally;
}

/** Where lists of any length are taken in: read as they come, ended with the server or the sender's access. */
export class ListDesk {
  readonly #config: Services['config'];
  readonly #files: FileSender;
  readonly #slowSenders: SlowSenders;
  readonly #limits: BodyLimits;
  readonly #running = new Map<Promise<unknown>, AbortController>();

  constructor(app: FastifyInstance, config: Services['config'], files: FileSender) {
    this.#config = config;
    this.#files = files;
    this.#slowSenders = new SlowSenders(app);
    this.#limits = { ...PACE, bytes: config.uploadMegabytes * MEBIBYTE };
    app.addHook('preClose', async () => {
      const why = new UploadRefused('overloaded', 'The server stops: send the list again, what is stored is known.');
      for (const ending of this.#running.values()) ending.abort(why);
      await Promise.allSettled(this.#running.keys());
    });
  }

  /**
   * Reads a list and answers what came of it: as one document, or, where NDJSON is accepted, every rejected row as a
   * line and the answer after them.
   */
  async take<Answer extends { readonly rows: readonly unknown[] }>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (list: IncomingList) => Promise<Answer>,
  ): Promise<Answer | FastifyReply> {
    const format = formatOf(request);
    const wantsLines = request.headers.accept?.includes(NDJSON) === true;
    const file = wantsLines ? await RejectFile.open(this.#config.dataDir) : null;
    const tally = new Tally(maskOf(principalOf(request)), file);
    try {
      const answer = await this.#guarded(request, reply, (bytes) => work({ format, bytes, tally }));
      return file ? this.#lines(reply, file, answer) : answer;
    } catch (error) {
      await file?.close();
      throw error;
    }
  }

  async #guarded<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
  ) {
    const ending = new AbortController();
    watchedAccessOf(request).onEnd(({ message }) => ending.abort(new UploadRefused('unauthenticated', message)));
    const forget = this.#slowSenders.allow(request.raw.socket);
    const running = this.#read(request, ending.signal, work);
    this.#running.set(running, ending);
    try {
      return await running;
    } catch (error) {
      if (!(error instanceof UploadRefused)) throw error;
      if (!request.raw.readableEnded) reply.header('connection', 'close');
      throw new HttpProblem(error.code, error.message);
    } finally {
      this.#running.delete(running);
      forget();
    }
  }

  async #read<T>(request: FastifyRequest, signal: AbortSignal, work: (bytes: AsyncIterable<Uint8Array>) => Promise<T>) {
    checkLength(request.headers['content-length'], this.#limits);
    try {
      return await work(bodyPieces(request.raw, this.#limits, signal));
    } catch (error) {
      // Most senders hear nothing before they have sent everything.
      if (!request.raw.readableEnded && !request.raw.destroyed && isAboutContent(error))
        await this.#passOver(request, signal);
      throw error;
    }
  }

  async #passOver(request: FastifyRequest, signal: AbortSignal): Promise<void> {
    const rest = bodyPieces(request.raw, this.#limits, signal);
    try {
      while (!(await rest.next()).done);
    } catch (error) {
      if (!(error instanceof UploadRefused)) throw error;
    }
  }

  #lines(reply: FastifyReply, file: RejectFile, answer: { readonly rows: readonly unknown[] }): FastifyReply {
    const lines = async function* () {
      yield* file.read();
      yield `${JSON.stringify({ ...answer, rows: [] })}\n`;
    };
    // Its name is gone already: nothing is left behind if it cannot be closed.
    const release = (): void => void file.close().catch(() => {});
    return this.#files.send(reply, lines(), { name: 'rejected.ndjson', contentType: NDJSON }, release);
  }
}

/** Lets routes of an app read lists themselves. @param types what is not parsed before */
export function leaveUnread(app: FastifyInstance, types: readonly string[]): void {
  app.removeContentTypeParser([...types]);
  app.addContentTypeParser([...types], (_request, _payload, done) => done(null, null));
}

function formatOf({ headers }: FastifyRequest): ListFormat {
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  const format = formats[type.trim().toLowerCase()];
  if (!format) throw new HttpProblem('unsupported-media-type', `Send a list as ${Object.keys(formats).join(', ')}.`);
  return format;
}

/** Whether the sender can still be read from and told. */
function isAboutContent(error: unknown): boolean {
  return (
    !(error instanceof UploadRefused) || !['unauthenticated', 'overloaded', 'sender-too-slow'].includes(error.code)
  );
}
