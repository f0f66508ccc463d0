import { readFileSync } from 'node:fs';
import { begin, type DrillCampaign } from './campaign.ts';
import { type Ending, endingOf } from './ending.ts';
import { onScene } from './scene.ts';
import { otherOutcomes } from './verdict.ts';

export type WholeCampaign = Ending['verdict'] & {
  /** From the first request to the last, as the provider saw them. */
  readonly seconds: number;
  /** Processor time of the server, `null` where the system does not tell. */
  readonly cpuSeconds: number | null;
};

/** What the kernel counts processor time in. */
const TICKS_PER_SECOND = 100;

/** Dials a campaign from its first contact to its end, undisturbed, and compares all of it with the provider's record. */
export function dialWhole(campaign: DrillCampaign, speed: number, withinMs: number): Promise<WholeCampaign> {
  return onScene({ speed, accountCallsPerSecond: campaign.callsPerSecond }, async (scene) => {
    await begin(scene.url, campaign);
    const { report, made, verdict } = await endingOf(scene, campaign, withinMs);
    const cpuSeconds = processorSeconds(scene.server.process().pid);
    const posts = await scene.provider.posts();
    const seconds = ((posts.at(-1)?.at ?? 0) - (posts[0]?.at ?? 0)) / 1_000;
    const differences = [...verdict.differences, ...otherOutcomes(made, report)];
    return { ...verdict, differences, seconds, cpuSeconds };
  });
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
