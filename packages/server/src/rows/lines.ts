/** One line of a text, without its end. */
export interface Line {
  readonly line: number;
  /** `null` where it is too long, or not UTF-8. */
  readonly text: string | null;
}

const NEWLINE = 0x0a;

/** Splits bytes into lines. Of a line that is longer than allowed only its number is kept. */
export async function* linesOf(source: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Line> {
  const kept = new BoundedText(mostBytes);
  let line = 1;
  for await (const bytes of source) {
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
      kept.add(bytes.subarray(from, at));
      yield { line, text: kept.take() };
      line += 1;
      from = at + 1;
    }
    kept.add(bytes.subarray(from));
  }
  if (!kept.isEmpty) yield { line, text: kept.take() };
}

/** A text that comes in pieces and may become too long. */
export class BoundedText {
  readonly #most: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#length > this.#most) this.#pieces = [];
    else if (bytes.length > 0) this.#pieces.push(bytes);
  }

  /** Gives what was added and begins anew; `null` where that is too long, or not UTF-8. */
  take(): string | null {
    const [only] = this.#pieces;
    const bytes = this.#pieces.length === 1 && only ? only : Buffer.concat(this.#pieces);
    const isTooLong = this.#length > this.#most;
    this.#pieces = [];
    this.#length = 0;
    if (isTooLong) return null;
    try {
      return this.#decoder.decode(bytes);
    } catch {
      return null;
    }
  }
}
