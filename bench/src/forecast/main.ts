/** Judges the forecast: `node --import tsx --conditions=ringside-src bench/src/forecast/main.ts [--campaigns N] [--seed S]`. */
import { parseArgs } from 'node:util';
import { machine } from '../lib/machine.ts';
import { markdown } from '../lib/result.ts';
import { benchForecast, CAMPAIGNS, JUDGING_SEED } from './bench-forecast.ts';

const { values } = parseArgs({
  options: {
    campaigns: { type: 'string', default: String(CAMPAIGNS) },
    seed: { type: 'string', default: String(JUDGING_SEED) },
  },
});

const result = benchForecast({
  campaigns: Number(values.campaigns),
  seed: Number(values.seed),
  say: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${machine(new Date())}\n\n${markdown(result)}`);
