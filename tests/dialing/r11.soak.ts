import { describe, expect, it } from 'vitest';
import { clocksOf } from '../clock/clocks.ts';
import { killDrill } from './kill-drill.ts';

const CONTACTS = Number(process.env.CONTACTS ?? 2_000);
const KILLS = Number(process.env.KILLS ?? 50);

describe('a dialer that is killed again and again, over a provider that loses answers', () => {
  it('calls nobody twice and forgets nobody, and reports what the provider did', async () => {
    const result = await killDrill({
      campaign: { id: 'drill', contacts: CONTACTS, callsPerSecond: 20, concurrency: 200, maxAttempts: 3 },
      kills: KILLS,
      gapMs: [200, 2_500],
      faults: { 'lost-answer': 0.02, 'fail-after': 0.02, 'fail-before': 0.02, slow: 0.3 },
      clocks: clocksOf(process.env),
      withinMs: Number(process.env.WITHIN_SECONDS ?? 1_200) * 1_000,
    });
    console.info(`R11: ${JSON.stringify(result)}`);
    expect(result).toMatchObject({ phase: 'completed', twice: [], doubled: [], forgotten: [], differences: [] });
  });
});
