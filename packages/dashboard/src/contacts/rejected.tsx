import type { RejectedRow, UploadAnswer } from '@ringside/protocol';
import { formatCount } from '../format.ts';
import { problemWords, reasonsOf } from './row-words.ts';

/** The most that are shown; the command line writes all of them into a file. */
const SHOWN_ROWS = 50;

/** Why rows are left out, each reason with its count. */
export function RejectedReasons({ answer }: { readonly answer: Pick<UploadAnswer, 'reasons'> }) {
  const reasons = reasonsOf(answer);
  if (reasons.length === 0) return null;
  return (
    <ul className="mt-1.5 flex flex-wrap gap-x-5 gap-y-0.5 text-ink-2">
      {reasons.map(([code, count]) => (
        <li key={code}>
          <b className="font-medium text-ink">{formatCount(count)}</b> {problemWords[code]}
        </li>
      ))}
    </ul>
  );
}

/** Rows that were left out, by line. */
export function RejectedRows({ rows, total }: { readonly rows: readonly RejectedRow[]; readonly total: number }) {
  const shown = rows.slice(0, SHOWN_ROWS);
  return (
    <details open={total <= 10}>
      <summary className="cursor-pointer text-ink-2 hover:text-ink">
        {total > shown.length ? `The first ${shown.length} of ${formatCount(total)} skipped rows` : 'The skipped rows'}
      </summary>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Skipped rows"
        className="mt-2 max-h-64 overflow-y-auto rounded-md border border-line"
      >
        <ul className="divide-y divide-line">
          {shown.map(({ line, code, message, value }) => (
            <li key={`${line}${code}`} className="flex gap-4 px-3 py-1.5">
              <span className="w-18 shrink-0 text-12 leading-5 text-ink-2 tabular-nums">line {formatCount(line)}</span>
              <span className="min-w-0 break-words">
                {value !== null && <span className="font-medium">{value} </span>}
                <span className="text-ink-2">{message}</span>
              </span>
            </li>
          ))}
        </ul>
      </section>
    </details>
  );
}
