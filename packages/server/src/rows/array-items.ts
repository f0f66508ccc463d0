import { BoundedText, type Line } from './lines.ts';

/** Nothing after this line of a JSON array can be read. */
export class ArrayBroken extends Error {
  override readonly name = 'ArrayBroken';
  readonly line: number;

  constructor(line: number, why: string) {
    super(why);
    this.line = line;
  }
}

const char = (text: string): number => text.charCodeAt(0);
const QUOTE = char('"');
const BACKSLASH = char('\\');
const COMMA = char(',');
const NEWLINE = char('\n');
const OPENING = new Set([char('['), char('{')]);
const CLOSING = new Set([char(']'), char('}')]);
const BLANK = new Set([char(' '), char('\t'), char('\r'), NEWLINE]);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * The items of one large JSON array, each as its text, so that only one is in memory. What stands inside an item is
 * not looked at but for where it ends: whoever parses it finds out.
 * @throws ArrayBroken after the items before
 */
export async function* arrayItems(source: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Line> {
  const splitter = new ArraySplitter(mostBytes);
  for await (const bytes of source) yield* splitter.split(bytes);
  splitter.end();
}

class ArraySplitter {
  readonly #item: BoundedText;
  #state: 'before' | 'between' | 'item' | 'after' = 'before';
  #line = 1;
  /** Line on which the item began. */
  #begun = 1;
  #bytes = 0;
  #depth = 0;
  #inText = false;
  #isEscaped = false;
  #mayBeEmpty = true;

  constructor(mostBytes: number) {
    this.#item = new BoundedText(mostBytes);
  }

  *split(bytes: Uint8Array): Generator<Line> {
    let from = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (this.#state === 'item') {
        if (!this.#endsAt(byte)) continue;
        this.#item.add(bytes.subarray(from, at));
        yield { line: this.#begun, text: this.#item.take() };
        this.#state = byte === COMMA ? 'between' : 'after';
      } else if (this.#beginsAt(byte)) {
        from = at;
      }
    }
    if (this.#state === 'item') this.#item.add(bytes.subarray(from));
  }

  /** @throws ArrayBroken where the array is not closed */
  end(): void {
    if (this.#state === 'after') return;
    throw new ArrayBroken(
      this.#state === 'item' ? this.#begun : this.#line,
      this.#state === 'before'
        ? 'there is no JSON array'
        : 'the array is not closed: the file is cut off, or a quote is missing',
    );
  }

  /** Inside an item: whether it ends before this byte. */
  #endsAt(byte: number): boolean {
    if (byte === NEWLINE) this.#line += 1;
    if (this.#inText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#inText = false;
      return false;
    }
    if (byte === QUOTE) this.#inText = true;
    else if (OPENING.has(byte)) this.#depth += 1;
    else if (CLOSING.has(byte)) {
      if (this.#depth === 0) return true;
      this.#depth -= 1;
    } else if (byte === COMMA) return this.#depth === 0;
    return false;
  }

  /** Outside of items: whether one begins with this byte. */
  #beginsAt(byte: number): boolean {
    const at = this.#bytes;
    this.#bytes += 1;
    if (byte === NEWLINE) this.#line += 1;
    if (BLANK.has(byte) || (this.#state === 'before' && BYTE_ORDER_MARK[at] === byte)) return false;
    if (this.#state === 'before') {
      if (byte !== char('[')) throw new ArrayBroken(this.#line, 'the body must be one JSON array of objects');
      this.#state = 'between';
      return false;
    }
    if (this.#state === 'after') throw new ArrayBroken(this.#line, 'something follows the end of the array');
    if (byte === char(']') && this.#mayBeEmpty) {
      this.#state = 'after';
      return false;
    }
    if (byte === COMMA || CLOSING.has(byte)) throw new ArrayBroken(this.#line, 'an item of the array is missing');
    this.#mayBeEmpty = false;
    this.#state = 'item';
    this.#begun = this.#line;
    this.#depth = 0;
    this.#endsAt(byte);
    return true;
  }
}
