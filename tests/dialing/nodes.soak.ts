import { expect, it } from 'vitest';
import { clocksOf } from '../clock/clocks.ts';
import { failoverDrill } from './failover-drill.ts';

const CONTACTS = Number(process.env.CONTACTS ?? 800);
const ROUNDS = Number(process.env.ROUNDS ?? 2);
const NODES = Number(process.env.NODES ?? 3);

it('calls nobody twice and forgets nobody while whoever dials is killed or frozen, and the database too', async () => {
  const result = await failoverDrill({
    campaign: { id: 'failover', contacts: CONTACTS, callsPerSecond: 20, concurrency: 400, maxAttempts: 3 },
    ...{ nodes: NODES, rounds: ROUNDS },
    faults: { 'lost-answer': 0.02, 'fail-after': 0.02, 'fail-before': 0.02, slow: 0.3 },
    clocks: clocksOf(process.env),
    withinMs: Number(process.env.WITHIN_SECONDS ?? 900) * 1_000,
  });
  console.log(`R11 over ${NODES} nodes: ${JSON.stringify(result)}`);
  expect(result.owners).toBeGreaterThan(2 * ROUNDS);
  expect(result).toMatchObject({ phase: 'completed', twice: [], doubled: [], forgotten: [], differences: [] });
});
