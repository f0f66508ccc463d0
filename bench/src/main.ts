/** `npm run bench [-- NAME …]`: runs benchmarks and prints what they found. */
import { parseArgs } from 'node:util';
import { benchCallbacks } from './callbacks.ts';
import { benchForecast, CAMPAIGNS, JUDGING_SEED } from './forecast/bench-forecast.ts';
import { benchGrowth } from './growth.ts';
import { machine } from './lib/machine.ts';
import { type BenchOptions, type BenchResult, markdown } from './lib/result.ts';
import { benchNeighbours } from './neighbours.ts';
import { benchPolls } from './polls.ts';

const benchmarks: Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>> = {
  callbacks: benchCallbacks,
  polls: benchPolls,
  neighbours: benchNeighbours,
  growth: benchGrowth,
  forecast: async ({ say }) => benchForecast({ campaigns: CAMPAIGNS, seed: JUDGING_SEED, say }),
};

const usage = `npm run bench -- [NAME …] [options]

Names: ${Object.keys(benchmarks).join(', ')}; all when none is given.
  --rounds N       runs of every contestant, interleaved (3)
  --seconds N      length of a run, after its warm-up (5)
  --calls N        calls of the large campaign of polls (1000000)
  --cpu-prof DIR   write CPU profiles of Ringside's threads there
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    calls: { type: 'string', default: '1000000' },
    'cpu-prof': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function wholeNumber(name: 'rounds' | 'seconds' | 'calls'): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0`);
  return value;
}

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const options: BenchOptions = {
    rounds: wholeNumber('rounds'),
    seconds: wholeNumber('seconds'),
    calls: wholeNumber('calls'),
    profileTo: values['cpu-prof'] ?? null,
    say: (line) => process.stderr.write(`${line}\n`),
  };
  const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
  const unknown = names.find((name) => !(name in benchmarks));
  if (unknown !== undefined) throw new Error(`there is no benchmark ${unknown}\n\n${usage}`);
  process.stdout.write(`${machine(new Date())}\n\n`);
  for (const name of names) {
    const result = await benchmarks[name]?.(options);
    if (result) process.stdout.write(`${markdown(result)}\n`);
  }
}

// Leaving at once lets the exit handlers remove the temporary folders; peers end when this process lets go of them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`bench: ${error.message}\n`);
    process.exit(1);
  },
);
