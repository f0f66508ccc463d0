import { describe, expect, it } from 'vitest';
import { killDrill } from './kill-drill.ts';
import { pauseAgainAndAgain } from './pause-drill.ts';
import { dialWhole } from './whole-campaign.ts';

const nothingWrong = { phase: 'completed', twice: [], doubled: [], forgotten: [], differences: [] };
const patience = { timeout: 120_000 };

describe('a campaign that Ringside dials over a provider in another process', () => {
  it('ends with a report that says what the provider did', patience, async () => {
    const campaign = { id: 'small', contacts: 60, callsPerSecond: 50, concurrency: 500, maxAttempts: 2 };
    expect(await dialWhole(campaign, 120, 60_000)).toMatchObject(nothingWrong);
  });

  it('sends nothing more a second after a pause, and dials exactly the rest when it goes on', patience, async () => {
    const campaign = { id: 'paused', contacts: 150, callsPerSecond: 50, concurrency: 500, maxAttempts: 1 };
    const { pauses, ...result } = await pauseAgainAndAgain({ campaign, rounds: 1, between: 40, speed: 120 });
    expect(pauses.filter(({ lastPostMs }) => lastPostMs > 1_000)).toEqual([]);
    expect(result).toEqual({ ...nothingWrong, calls: 150 });
  });

  it(
    'calls nobody twice and forgets nobody though it is killed and its clock is set while answers are lost',
    patience,
    async () => {
      const result = await killDrill({
        campaign: { id: 'killed', contacts: 40, callsPerSecond: 10, concurrency: 100, maxAttempts: 2 },
        kills: 3,
        gapMs: [300, 1_200],
        faults: { 'lost-answer': 0.05, 'fail-after': 0.05, 'fail-before': 0.05, slow: 0.5 },
        clocks: [-7_200_000, 0, 7_200_000],
        withinMs: 90_000,
      });
      expect(result).toMatchObject(nothingWrong);
    },
  );
});
