import { begin, type DrillCampaign, doubtful, numbersOf, reportOf } from './campaign.ts';
import { type ProviderProcess, startProvider, untilTrue } from './provider-process.ts';
import { startUnderFire } from './server-under-fire.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export interface KillDrill {
  readonly campaign: DrillCampaign;
  readonly kills: number;
  /** Between two kills, milliseconds: at least, and at most. */
  readonly gapMs: readonly [least: number, most: number];
  /** Share of requests that meet each fault, such as `{"lost-answer": 0.02}`. */
  readonly faults: Readonly<Record<string, number>>;
  readonly env?: Record<string, string>;
  readonly withinMs: number;
}

export interface DrillResult extends Verdict {
  readonly calls: number;
  readonly kills: number;
  readonly phase: string;
}

const SPEED = 30;

/**
 * Dials a campaign with a server that is killed at moments that nobody chose, over a provider that loses answers, and
 * then asks the provider what it really did.
 */
export async function killDrill({ campaign, kills, gapMs, faults, env, withinMs }: KillDrill): Promise<DrillResult> {
  const provider = await startProvider(['--cps', '500', '--requests', '100000', '--speed', String(SPEED)]);
  const server = await startUnderFire(provider.url, { PLIVO_CPS: '500', ...env });
  try {
    await begin(() => server.url, campaign);
    await provider.fault({ shares: faults });
    let done = 0;
    for (; done < kills && !(await isOver(server.url, campaign.id)); done += 1) {
      await new Promise((next) => setTimeout(next, gapMs[0] + Math.random() * (gapMs[1] - gapMs[0])));
      await server.kill();
      await server.start();
    }
    await untilTrue(() => isOver(server.url, campaign.id), withinMs, 500).catch(async (error: unknown) => {
      const report = await reportOf(() => server.url, campaign.id);
      const { phase, blockers, progress } = report ?? {};
      const doubts = await doubtful(() => server.url);
      throw new Error(`it never ended: ${JSON.stringify({ phase, blockers, progress, doubts })}`, { cause: error });
    });
    return { kills: done, ...(await judge(provider, server.url, campaign)) };
  } finally {
    await server.stop();
    provider.stop();
  }
}

async function judge(provider: ProviderProcess, url: string, campaign: DrillCampaign) {
  const report = await reportOf(() => url, campaign.id);
  if (report === null) throw new Error('there is no report');
  const made = await provider.made();
  const expected = { numbers: numbersOf(campaign), maxAttempts: campaign.maxAttempts };
  return { calls: made.length, phase: report.phase, ...verdictOf(made, report, expected) };
}

async function isOver(url: string, id: string): Promise<boolean> {
  return (await reportOf(() => url, id))?.phase === 'completed';
}
