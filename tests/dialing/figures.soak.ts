import { expect, it } from 'vitest';
import { keepPaces } from './pace-drill.ts';
import { pauseAgainAndAgain } from './pause-drill.ts';
import { dialWhole } from './whole-campaign.ts';

const CONTACTS = Number(process.env.CONTACTS ?? 10_000);
const SECONDS = Number(process.env.SECONDS ?? 60);
const PACES = (process.env.PACES ?? '10,50,2').split(',').map(Number);
const ROUNDS = Number(process.env.ROUNDS ?? 5);

const nothingWrong = { phase: 'completed', twice: [], doubled: [], forgotten: [], differences: [] };
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

it('ends a large campaign with a ledger equal to the provider’s record', async () => {
  const campaign = { id: 'large', contacts: CONTACTS, callsPerSecond: 250, concurrency: 5_000, maxAttempts: 3 };
  const result = await dialWhole(campaign, 60, 30 * 60_000);
  const { calls, seconds, cpuSeconds } = result;
  console.log(
    `${CONTACTS} contacts: ${calls} calls in ${seconds.toFixed(1)} s, ${(calls / seconds).toFixed(0)}/s,` +
      ` ${cpuSeconds?.toFixed(1)} s of processor time`,
  );
  expect(result).toMatchObject(nothingWrong);
});

it('keeps each pace that is set while it dials', async () => {
  const kept = await keepPaces(PACES, SECONDS);
  for (const { perSecond, off, worstOff, takesEffectMs } of kept) {
    console.log(
      `pace ${perSecond}/s: ${percent(off)} off over ${SECONDS} s, ${percent(worstOff)} in the worst 10 s,` +
        ` in effect after ${takesEffectMs} ms`,
    );
  }
  for (const { off, worstOff, takesEffectMs } of kept) {
    expect(Math.abs(off)).toBeLessThan(0.02);
    expect(Math.abs(worstOff)).toBeLessThan(0.05);
    expect(takesEffectMs).toBeLessThan(1_000);
  }
});

it('sends nothing more a second after a pause, and dials exactly the rest when it goes on', async () => {
  const between = 150;
  const contacts = (ROUNDS + 1) * between * 2;
  const campaign = { id: 'paused', contacts, callsPerSecond: 50, concurrency: 5_000, maxAttempts: 1 };
  const result = await pauseAgainAndAgain({ campaign, rounds: ROUNDS, between, speed: 30 });
  const list = (read: (pause: (typeof result.pauses)[number]) => number): string => result.pauses.map(read).join(', ');
  console.log(
    `pauses under 50 calls/s: last request ${list(({ lastPostMs }) => lastPostMs)} ms after,` +
      ` drained after ${list(({ drainedMs }) => drainedMs)} ms; ${result.calls} calls to ${contacts} contacts`,
  );
  expect(result.pauses.filter(({ lastPostMs }) => lastPostMs > 1_000)).toEqual([]);
  expect(result).toMatchObject({ ...nothingWrong, calls: contacts });
});
