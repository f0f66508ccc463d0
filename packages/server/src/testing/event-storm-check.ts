import { expect } from 'vitest';
import type { Diagnosis } from '../cli/doctor/doctor.ts';
import { cli } from './cli.ts';
import { openEngine, WORKSPACE } from './engine.ts';
import { eventStorm, eventsOf, lateCountry, type StormOptions, type StormTraps, stormCampaign } from './event-storm.ts';
import { comparable } from './same-report.ts';

type TestEngine = ReturnType<typeof openEngine>;

/** What a storm must hold, or it proves less than it says. */
const DIFFICULTIES = [
  'disorder',
  'redelivery',
  'retry',
  'machine verdict',
  'lead verdict',
  'lead override',
  'late contact id',
  'lost and hangup',
  'conflicting ends',
  'campaign events',
  'fault after pick-up',
  'spellings of a number',
  'two ids of one call',
  'equal timestamps',
] as const;

const NOW = Date.UTC(2025, 7, 8, 6);

/**
 * Sends a storm through the embedded store, then makes every campaign again from its deliveries, as the doctor does,
 * once while the newest sums are in memory and in the log only, and once after the store was closed and opened.
 * @returns a line of what was done
 */
export async function survivesStorm(dataDir: string, options: StormOptions): Promise<string> {
  const trapped: StormTraps = new Map();
  const counts = { events: 0, deliveries: 0, accepted: 0, unchanged: 0 };
  const engine = openEngine(dataDir);
  for (const batch of eventStorm(options, trapped)) {
    const { results } = engine.apply(batch);
    for (const { delivery } of batch) counts.events += eventsOf(delivery);
    counts.deliveries += batch.length;
    for (const { result } of results) if (result === 'accepted' || result === 'unchanged') counts[result] += 1;
    engine.rescoreStep(NOW);
  }
  expect(engine.apply([lateCountry(stormCampaign(0), NOW)]).results).toEqual([{ result: 'accepted' }]);
  while (engine.rescoreStep(NOW).more);
  expect(counts.accepted + counts.unchanged).toBe(counts.deliveries);
  expect(counts.unchanged, 'redeliveries').toBeGreaterThan(0);

  const live = reportsOf(engine, options);
  const calls = await equalsRecompute(dataDir, options);
  engine.close();
  const reopened = openEngine(dataDir);
  expect(reportsOf(reopened, options)).toEqual(live);
  reopened.close();
  await equalsRecompute(dataDir, options);

  expect(
    DIFFICULTIES.filter((name) => !trapped.get(name)),
    'difficulties that did not come up',
  ).toEqual([]);
  const { events, deliveries, accepted } = counts;
  const traps = [...trapped].map(([trap, n]) => `${trap} ${n}`).join(', ');
  return `${events} events in ${deliveries} deliveries, ${accepted} accepted, ${calls} calls in ${options.campaigns} campaigns: live equals recomputed; lists with ${traps}`;
}

function reportsOf(engine: TestEngine, { campaigns }: StormOptions) {
  return Array.from({ length: campaigns }, (_, n) => {
    const stored = engine.report(WORKSPACE, stormCampaign(n), 100, NOW);
    return stored && comparable(stored.report);
  });
}

/** @returns how many calls there are */
async function equalsRecompute(dataDir: string, { campaigns }: StormOptions): Promise<number> {
  const { out } = await cli(['doctor', '--json', '--data-dir', dataDir]);
  const { store } = JSON.parse(out) as Diagnosis;
  expect(store).toMatchObject({ campaigns, busy: [], different: [] });
  return store?.calls ?? 0;
}
