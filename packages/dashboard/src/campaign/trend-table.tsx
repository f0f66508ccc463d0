import { formatClock, plain } from '../format.ts';
import { Hint } from '../ui/hint.tsx';
import type { Sample } from './samples.ts';
import { lineNames, lines } from './trend-chart.tsx';

/** The lines as a table, newest first. */
export function TrendTable({ samples }: { readonly samples: readonly Sample[] }) {
  const head =
    'sticky top-0 h-8 border-b border-line bg-surface px-2 text-right text-12 font-normal text-ink-2 first:pl-4 first:text-left last:pr-4';
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Pace and answer rate as a table"
      className="min-h-0 flex-1 overflow-y-auto"
    >
      <table className="w-full border-separate border-spacing-0">
        <thead>
          <tr>
            <th scope="col" className={head}>
              Time
            </th>
            {lineNames.map((name) => (
              <th key={name} scope="col" className={head}>
                <Hint text={lines[name].meaning}>{lines[name].label}</Hint>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...samples].reverse().map((sample) => (
            <tr key={sample.at}>
              <th scope="row" className="h-7 pl-4 text-left font-normal text-ink-2">
                {formatClock(sample.at * 1000)}
              </th>
              {lineNames.map((name) => {
                const value = sample[name];
                return (
                  <td key={name} className="px-2 text-right last:pr-4">
                    {value === null ? '–' : plain(lines[name].quantity(value))}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
