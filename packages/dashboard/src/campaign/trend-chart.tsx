import 'uplot/dist/uPlot.min.css';
import { type ReactNode, useState } from 'react';
import { figureWords, rateWords, type Word } from '../definitions.ts';
import { formatClock, percentOf, perMinute, type Quantity } from '../format.ts';
import { ShareLine } from '../ui/definition.tsx';
import { Explained, Term } from '../ui/explained.tsx';
import { Figure } from '../ui/figure.tsx';
import { Plot } from './plot.tsx';
import type { Sample } from './samples.ts';
import { TrendTable } from './trend-table.tsx';

type Line = 'attemptsPerMinute' | 'answerRate';

export interface LineWords extends Word {
  /** A percentage, not a count. */
  readonly isShare: boolean;
  readonly quantity: (value: number) => Quantity;
}

export const lines: Readonly<Record<Line, LineWords>> = {
  attemptsPerMinute: {
    ...figureWords.attemptsPerMinute,
    isShare: false,
    quantity: perMinute,
  },
  answerRate: {
    label: 'Answer rate so far',
    meaning: `${rateWords.answer.meaning} Late in a campaign a slow fall is usual: who answers easily was reached.`,
    isShare: true,
    quantity: percentOf,
  },
};

export const lineNames = Object.keys(lines) as readonly Line[];

/** Two lines over one time, with one cursor through them; or the same figures as a table. */
export function TrendChart({ samples }: { readonly samples: readonly Sample[] }) {
  const [index, setIndex] = useState<number | null>(null);
  const [isTable, setIsTable] = useState(false);
  const pointed = samples[index ?? samples.length - 1];
  const first = samples[0]?.at ?? 0;
  return (
    <div className="flex min-h-0 flex-1 flex-col border-t border-line">
      {isTable ? (
        <TrendTable samples={samples} />
      ) : (
        <div className="flex min-h-0 flex-1 flex-col px-4 pt-2">
          {lineNames.map((name) => (
            <figure key={name} className="flex min-h-0 flex-1 flex-col">
              <Explained
                as="figcaption"
                text={<LineDefinition name={name} sample={pointed} />}
                className="flex items-baseline justify-between text-12 text-ink-2"
              >
                <Term>{lines[name].label}</Term>
                <Reading value={pointed?.[name] ?? null} quantity={lines[name].quantity} />
              </Explained>
              <Plot
                times={samples.map(({ at }) => at)}
                values={samples.map((sample) => sample[name])}
                halted={samples.map(({ halted }) => halted)}
                isShare={lines[name].isShare}
                label={`${lines[name].label} since ${formatClock(first * 1000)}`}
                onPoint={setIndex}
              />
            </figure>
          ))}
        </div>
      )}
      <div className="flex items-center justify-between px-4 pt-1 pb-2 text-12 text-ink-2">
        <span>{pointed && index !== null ? `at ${formatClock(pointed.at * 1000)}` : 'now'}</span>
        <button
          type="button"
          onClick={() => setIsTable(!isTable)}
          className="rounded-md px-1.5 py-0.5 hover:bg-raised hover:text-ink"
        >
          Show as {isTable ? 'lines' : 'table'}
        </button>
      </div>
    </div>
  );
}

/** What a line shows; of the share also what it was made of at that moment. */
function LineDefinition({ name, sample }: { readonly name: Line; readonly sample: Sample | undefined }) {
  const { counts, of } = rateWords.answer;
  return (
    <>
      {lines[name].meaning}
      {lines[name].isShare && sample?.answer && <ShareLine rate={sample.answer} counts={counts} of={of} />}
    </>
  );
}

function Reading({
  value,
  quantity,
}: {
  readonly value: number | null;
  readonly quantity: (value: number) => Quantity;
}): ReactNode {
  if (value === null) return <span>–</span>;
  return <Figure parts={quantity(value)} className="text-14 font-medium text-ink" />;
}
