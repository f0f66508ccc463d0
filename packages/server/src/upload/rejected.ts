import type { RejectedRow, RowProblem, UploadAnswer } from '@ringside/protocol';
import type { MaskClass } from '../access/principal.ts';
import { maskText } from '../store/mask-numbers.ts';
import type { WrongRow } from './check-row.ts';
import type { RejectFile } from './reject-file.ts';

const MOST_IN_ANSWER = 1_000;
const LONGEST_SHOWN = 64;

/** What became of the rows of an upload. */
export class Tally {
  readonly #mask: MaskClass;
  readonly #file: RejectFile | null;
  readonly #reasons = new Map<RowProblem, number>();
  readonly #rows: RejectedRow[] = [];
  #lines: RejectedRow[] = [];
  accepted = 0;
  rejected = 0;

  /** @param file takes every rejected row */
  constructor(mask: MaskClass, file: RejectFile | null) {
    this.#mask = mask;
    this.#file = file;
  }

  /** All rows that were looked at. */
  get rows(): number {
    return this.accepted + this.rejected;
  }

  reject(line: number, { code, message, value }: WrongRow): void {
    this.rejected += 1;
    this.#reasons.set(code, (this.#reasons.get(code) ?? 0) + 1);
    const row = { line, code, message, value: shown(value, this.#mask) };
    if (this.#rows.length < MOST_IN_ANSWER) this.#rows.push(row);
    if (this.#file) this.#lines.push(row);
  }

  /** Writes down what was rejected since. */
  async flush(): Promise<void> {
    const rows = this.#lines;
    this.#lines = [];
    await this.#file?.write(rows);
  }

  answer(): Pick<UploadAnswer, 'accepted' | 'rejected' | 'reasons' | 'rows'> {
    const { accepted, rejected } = this;
    return { accepted, rejected, reasons: Object.fromEntries(this.#reasons), rows: this.#rows };
  }
}

/** What stood in a cell, for who sees it. A number that is none may still be most of one. */
function shown(value: string | null, mask: MaskClass): string | null {
  if (value === null) return null;
  const short = value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN - 1)}…` : value;
  if (mask === 'full') return short;
  const masked = maskText(short);
  return masked === short ? short.replace(/\d(?=(?:\D*\d){3})/g, '•') : masked;
}
