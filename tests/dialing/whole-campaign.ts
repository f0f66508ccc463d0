import { readFileSync } from 'node:fs';
import { begin, type DrillCampaign, numbersOf, reportOf } from './campaign.ts';
import { untilTrue } from './provider-process.ts';
import { onScene, type Scene } from './scene.ts';
import { otherOutcomes, type Verdict, verdictOf } from './verdict.ts';

export interface WholeCampaign extends Verdict {
  readonly phase: string;
  readonly calls: number;
  /** From the first request to the last, as the provider saw them. */
  readonly seconds: number;
  readonly callsPerSecond: number;
  /** Processor time of the server, `null` where the system does not tell. */
  readonly cpuSeconds: number | null;
}

/** What the kernel counts processor time in. */
const TICKS_PER_SECOND = 100;

/** Dials a campaign from its first contact to its end, undisturbed, and compares all of it with the provider's record. */
export function dialWhole(campaign: DrillCampaign, speed: number, withinMs: number): Promise<WholeCampaign> {
  return onScene({ speed, accountCallsPerSecond: campaign.callsPerSecond }, async (scene) => {
    await begin(scene.url, campaign);
    await untilTrue(
      async () => (await reportOf(scene.url, campaign.id))?.phase === 'completed',
      withinMs,
      Math.min(500, withinMs / 10),
    );
    return judge(scene, campaign);
  });
}

async function judge({ provider, server, url }: Scene, campaign: DrillCampaign): Promise<WholeCampaign> {
  const cpuSeconds = processorSeconds(server.process().pid);
  const report = await reportOf(url, campaign.id);
  if (report === null) throw new Error('there is no report');
  const [made, posts] = [await provider.made(), await provider.posts()];
  const seconds = ((posts.at(-1)?.at ?? 0) - (posts[0]?.at ?? 0)) / 1_000;
  const verdict = verdictOf(made, report, { numbers: numbersOf(campaign), maxAttempts: campaign.maxAttempts });
  return {
    ...verdict,
    differences: [...verdict.differences, ...otherOutcomes(made, report)],
    ...{ phase: report.phase, calls: made.length, seconds, callsPerSecond: made.length / seconds, cpuSeconds },
  };
}

function processorSeconds(pid: number | undefined): number | null {
  try {
    // The name of the program comes second, in parentheses, and may hold spaces.
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const [userTicks, systemTicks] = fields.split(' ').slice(11, 13).map(Number);
    return ((userTicks ?? 0) + (systemTicks ?? 0)) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}
