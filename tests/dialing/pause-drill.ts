import { begin, control, type DrillCampaign, reportOf } from './campaign.ts';
import { type Ending, endingOf } from './ending.ts';
import { untilTrue } from './provider-process.ts';
import { onScene, type Scene } from './scene.ts';

export interface PauseDrill {
  readonly campaign: DrillCampaign;
  readonly rounds: number;
  /** Calls between a resume and the next pause. */
  readonly between: number;
  readonly speed: number;
}

/** One pause. */
export interface Paused {
  /** From its acknowledgement to the last request that came; negative where it came before. */
  readonly lastPostMs: number;
  /** Until no call was live any more. */
  readonly drainedMs: number;
}

export type PauseResult = Ending['verdict'] & { readonly pauses: readonly Paused[] };

const DRAINS_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 120_000;

/** Pauses a campaign again and again while it dials, and resumes it each time when its calls have ended. */
export function pauseAgainAndAgain(drill: PauseDrill): Promise<PauseResult> {
  const { campaign, rounds, speed } = drill;
  return onScene({ speed, accountCallsPerSecond: campaign.callsPerSecond * 2 }, async (scene) => {
    await begin(scene.url, campaign);
    const pauses: Paused[] = [];
    for (let round = 0; round < rounds; round += 1) pauses.push(await pauseOnce(scene, drill));
    return { pauses, ...(await endingOf(scene, campaign, ENDS_WITHIN_MS)).verdict };
  });
}

async function pauseOnce({ provider, url }: Scene, { campaign: { id }, between }: PauseDrill): Promise<Paused> {
  const before = (await provider.posts()).length;
  await untilTrue(async () => (await provider.posts()).length >= before + between, 60_000, 10);
  await control(url, id, 'pause');
  const acknowledgedAt = Date.now();
  const isDrained = async (): Promise<boolean> => {
    const report = await reportOf(url, id);
    return report?.phase === 'paused' && report.progress.ledger.inFlight === 0;
  };
  await untilTrue(isDrained, DRAINS_WITHIN_MS, 50);
  const drainedMs = Date.now() - acknowledgedAt;
  const resumedAt = Date.now();
  await control(url, id, 'resume');
  const last = (await provider.posts()).findLast(({ at }) => at < resumedAt);
  return { lastPostMs: (last?.at ?? 0) - acknowledgedAt, drainedMs };
}
