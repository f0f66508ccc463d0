import { ChartBar, Table2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { figureWords } from '../definitions.ts';
import { counted, formatCount, percentOf } from '../format.ts';
import { classes } from '../ui/classes.ts';
import { ShareLine, shareOf } from '../ui/definition.tsx';
import { Explained, Term } from '../ui/explained.tsx';
import { Figure } from '../ui/figure.tsx';
import { Hint } from '../ui/hint.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ticker } from '../ui/ticker.tsx';

export interface CountRow {
  readonly key: string;
  readonly glyph?: ReactNode;
  readonly label: string;
  readonly meaning: string;
  readonly note?: string | undefined;
  readonly count: number;
  /** Class of the bar’s colour. */
  readonly fill: string;
}

interface CountsPanelProps {
  readonly title: string;
  readonly rows: readonly CountRow[];
  /** All ended calls, which the counts are shares of. */
  readonly total: number;
  readonly more?: string | undefined;
}

/** Counts as bars, or as the table with the same figures and their shares. */
export function CountsPanel({ title, rows, total, more }: CountsPanelProps) {
  const [view, setView] = useState<'bars' | 'table'>('bars');
  const seen = rows.filter(({ count }) => count > 0);
  const none = rows.filter(({ count }) => count === 0).map(({ label }) => label);
  return (
    <Panel title={title} aside={<ViewSwitch title={title} view={view} setView={setView} />}>
      {total === 0 ? (
        <p className="px-4 pb-4 text-ink-2">No call has ended yet.</p>
      ) : (
        <>
          {view === 'bars' ? (
            <Bars rows={seen} total={total} />
          ) : (
            <CountTable title={title} rows={seen} total={total} />
          )}
          <p className="mt-auto px-4 pt-2 pb-3 text-12 text-ink-2">
            <Hint text={figureWords.ended.meaning}>{counted(total, 'ended call')}</Hint>
            {more && ` · ${more}`}
            {none.length > 0 && ` · none ${none.join(', ')}`}
          </p>
        </>
      )}
    </Panel>
  );
}

function Bars({ rows, total }: Pick<CountsPanelProps, 'rows' | 'total'>) {
  const most = Math.max(...rows.map(({ count }) => count));
  return (
    <ul className="px-4">
      {rows.map((row) => (
        <Explained
          as="li"
          key={row.key}
          text={<CountDefinition row={row} total={total} />}
          className="grid h-7 grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(2.5rem,auto)] items-center gap-3"
        >
          <Label row={row} />
          <span aria-hidden="true" className="h-2">
            <span
              className={classes('block h-full rounded-r-[3px] transition-[width] duration-200', row.fill)}
              style={{ width: `max(${(100 * row.count) / most}%, 2px)` }}
            />
          </span>
          <span className="text-right">
            <Ticker text={formatCount(row.count)} />
          </span>
        </Explained>
      ))}
    </ul>
  );
}

function CountDefinition({
  row: { meaning, label, count },
  total,
}: {
  readonly row: CountRow;
  readonly total: number;
}) {
  return (
    <>
      {meaning}
      <ShareLine rate={shareOf(count, total)} counts={label} of={figureWords.ended.label} />
    </>
  );
}

function CountTable({ title, rows, total }: Pick<CountsPanelProps, 'title' | 'rows' | 'total'>) {
  const head = 'h-7 font-normal text-12 text-ink-2';
  return (
    <table className="mx-4">
      <caption className="sr-only">{title}</caption>
      <thead>
        <tr>
          <th scope="col" className={classes(head, 'text-left')}>
            <span className="sr-only">Name</span>
          </th>
          <th scope="col" className={classes(head, 'text-right')}>
            Calls
          </th>
          <th scope="col" className={classes(head, 'w-20 text-right')}>
            Share
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Explained as="tr" key={row.key} text={<CountDefinition row={row} total={total} />} className="h-7">
            <th scope="row" className="text-left font-normal">
              <Label row={row} />
            </th>
            <td className="text-right">{formatCount(row.count)}</td>
            <td className="text-right">
              <Figure parts={percentOf((100 * row.count) / total)} />
            </td>
          </Explained>
        ))}
      </tbody>
    </table>
  );
}

function Label({ row: { glyph, label, note } }: { readonly row: CountRow }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      {glyph}
      <Term className="truncate">{label}</Term>
      {note && <span className="text-12 text-ink-3">{note}</span>}
    </span>
  );
}

interface ViewSwitchProps {
  readonly title: string;
  readonly view: 'bars' | 'table';
  readonly setView: (view: 'bars' | 'table') => void;
}

function ViewSwitch({ title, view, setView }: ViewSwitchProps) {
  const isTable = view === 'table';
  const Icon = isTable ? ChartBar : Table2;
  return (
    <button
      type="button"
      onClick={() => setView(isTable ? 'bars' : 'table')}
      className="-mr-1.5 grid size-7 place-items-center rounded-md text-ink-2 hover:bg-raised hover:text-ink"
    >
      <Icon aria-hidden="true" className="size-4" />
      <span className="sr-only">
        {title} as {isTable ? 'bars' : 'a table'}
      </span>
    </button>
  );
}
