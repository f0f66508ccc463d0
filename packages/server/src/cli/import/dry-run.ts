import { type Colors, counted, grouped, type Terminal } from '../terminal.ts';

import { type Field, fieldNames } from './fields.ts';
import type { ImportPlan } from './import-file.ts';
import { openRows } from './read-rows.ts';
import { RowError } from './row-events.ts';
import { type RowReader, rowReader } from './row-reader.ts';

const EXAMPLES = 3;
const MOST_BAD_SHOWN = 20;

/** Reads and checks the whole file and tells what an import would do. Writes nothing. */
export async function dryRun(
  plan: ImportPlan,
  terminal: Terminal,
  now: number,
): Promise<{ good: number; bad: number }> {
  const file = openRows(plan.path, plan.format);
  const reader = rowReader(plan.rows, plan.mapping, now);
  const examples: string[] = [];
  const complaints: string[] = [];
  let good = 0;
  let bad = 0;
  for await (const read of file.rows) {
    try {
      const items = reader.read(read);
      good += 1;
      if (examples.length < EXAMPLES) {
        const events = items.map(({ event }) => `  ${JSON.stringify(event)}`);
        examples.push([`line ${read.line}:`, ...events].join('\n'));
      }
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      bad += 1;
      if (complaints.length < MOST_BAD_SHOWN) complaints.push(`  line ${read.line}: ${error.message}`);
    }
  }
  const { colors } = terminal;
  const parts = [
    `${colors.bold('Dry run')}  ${plan.path} (${file.format}): nothing is written`,
    mappingText(plan, reader, colors),
    ...(examples.length > 0
      ? [`${colors.bold('The first rows as they would be stored')}\n${examples.join('\n')}`]
      : []),
    ...(complaints.length > 0 ? [badText(complaints, bad, colors)] : []),
    `${counted(good, 'row')} can be imported, ${grouped(bad)} cannot.`,
  ];
  terminal.out(`${parts.join('\n\n')}\n`);
  return { good, bad };
}

function mappingText({ rows, zone }: ImportPlan, { fields, hasEvents }: RowReader, colors: Colors): string {
  const from = (field: Field): string | null => {
    if (field === 'campaignId' && rows.campaignId !== null) return `always ${rows.campaignId} (--campaign)`;
    const columns = fields.used.get(field);
    return columns ? [...columns].join(', ') : null;
  };
  const lines = fieldNames.flatMap((field) => {
    const source = from(field);
    return source === null ? [] : [`  ${field.padEnd(14)} ← ${source}`];
  });
  const unused = fields.unused();
  return [
    colors.bold('What is read'),
    ...(hasEvents ? ['  events of /v1/events, as they are'] : []),
    ...lines,
    ...(unused.length > 0 ? [colors.dim(`  not used: ${unused.join(', ')}`)] : []),
    `  times without a zone are in ${zone}`,
  ].join('\n');
}

function badText(complaints: readonly string[], bad: number, colors: Colors): string {
  const more = bad > complaints.length ? [`  … and ${grouped(bad - complaints.length)} more`] : [];
  return [colors.bold('Rows that cannot be imported'), ...complaints, ...more].join('\n');
}
