/** Reads the answers on a connection that carries one request at a time. */
export class AnswerReader {
  #pending: Buffer | null = null;

  /**
   * Takes what the socket gave. The chunk is copied where it has to be kept, so its memory may be used again.
   * @returns the status once the whole answer is there, else 0
   * @throws Error for an answer whose end cannot be known, or for bytes after it
   */
  push(chunk: Buffer): number {
    const bytes = this.#pending === null ? chunk : Buffer.concat([this.#pending, chunk]);
    const headEnd = bytes.indexOf('\r\n\r\n');
    const head = headEnd < 0 ? '' : bytes.toString('latin1', 0, headEnd);
    const status = Number(head.slice(9, 12));
    const missing = headEnd < 0 ? 1 : headEnd + 4 + bodyLength(head, status) - bytes.length;
    if (missing < 0) throw new Error('the server sent more than one answer');
    if (missing === 0) {
      this.#pending = null;
      return status;
    }
    this.#pending = bytes === chunk ? Buffer.from(chunk) : bytes;
    return 0;
  }
}

function bodyLength(head: string, status: number): number {
  if (status === 304 || status === 204) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer ${status} came without content-length`);
  return Number(length);
}
