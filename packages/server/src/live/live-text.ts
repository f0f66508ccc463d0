import type { ServerMessage } from '@ringside/protocol';

/**
 * A message to viewers, serialised and encoded once for all of them: they share its bytes, so one that does not read
 * holds no copy.
 */
export class LiveText {
  readonly type: ServerMessage['type'];
  /** Revision that the message leads to, `null` where it leads to none. */
  readonly revision: string | null;
  readonly json: string;
  #payload: Buffer | null = null;
  #event: Buffer | null = null;

  constructor(message: ServerMessage) {
    this.type = message.type;
    this.revision = 'revision' in message ? message.revision : null;
    this.json = JSON.stringify(message);
  }

  /** Payload of a WebSocket message. */
  get payload(): Buffer {
    this.#payload ??= Buffer.from(this.json);
    return this.#payload;
  }

  /** The message as a server-sent event. */
  get event(): Buffer {
    const id = this.revision === null ? '' : `id: ${this.revision}\n`;
    this.#event ??= Buffer.from(`event: ${this.type}\n${id}data: ${this.json}\n\n`);
    return this.#event;
  }
}
