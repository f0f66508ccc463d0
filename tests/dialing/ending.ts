import type { Report } from '@ringside/protocol';
import type { PlacedCall } from '@ringside/sandbox';
import { type DrillCampaign, doubtful, numbersOf, reportOf, type Server } from './campaign.ts';
import { type ProviderProcess, untilTrue } from './provider-process.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** How a campaign ended, by its report and by the provider's record. */
export interface Ending {
  readonly report: Report;
  /** Every call that was really made. */
  readonly made: readonly PlacedCall[];
  readonly verdict: Verdict & { readonly phase: string; readonly calls: number };
}

const LOOK_EVERY_MS = 300;

/** Waits for the end of a campaign, and then asks the provider what was really done. */
export async function endingOf(
  { provider, url }: { readonly provider: ProviderProcess; readonly url: Server },
  campaign: DrillCampaign,
  withinMs: number,
): Promise<Ending> {
  const isOver = async (): Promise<boolean> => (await reportOf(url, campaign.id))?.phase === 'completed';
  await untilTrue(isOver, withinMs, LOOK_EVERY_MS).catch(async (cause: unknown) => {
    const { phase, blockers, progress } = (await reportOf(url, campaign.id)) ?? {};
    const state = { phase, blockers, progress, doubts: await doubtful(url) };
    throw new Error(`it never ended: ${JSON.stringify(state)}`, { cause });
  });
  const report = await reportOf(url, campaign.id);
  if (report === null) throw new Error('there is no report');
  const made = await provider.made();
  const verdict = verdictOf(made, report, { numbers: numbersOf(campaign), maxAttempts: campaign.maxAttempts });
  return { report, made, verdict: { phase: report.phase, calls: made.length, ...verdict } };
}
