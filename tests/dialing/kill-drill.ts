import { setTimeout as sleep } from 'node:timers/promises';
import { type Clocks, stepClocks } from '../clock/clocks.ts';
import { begin, type DrillCampaign, reportOf } from './campaign.ts';
import { type Ending, endingOf } from './ending.ts';
import { DELAYS, startProvider } from './provider-process.ts';
import { startUnderFire } from './server-under-fire.ts';

export interface KillDrill {
  readonly campaign: DrillCampaign;
  readonly kills: number;
  /** Between two kills, milliseconds: at least, and at most. */
  readonly gapMs: readonly [least: number, most: number];
  /** Share of requests that meet each fault, such as `{"lost-answer": 0.02}`. */
  readonly faults: Readonly<Record<string, number>>;
  readonly env?: Record<string, string>;
  /** Its clock is set to one of these while it lives, and again while it is dead. */
  readonly clocks?: Clocks;
  readonly withinMs: number;
}

export type DrillResult = Ending['verdict'] & { readonly kills: number };

const SPEED = 30;

/**
 * Dials a campaign with a server that is killed at moments that nobody chose, over a provider that loses answers, and
 * then asks the provider what it really did.
 */
export async function killDrill(drill: KillDrill): Promise<DrillResult> {
  const { campaign, kills, gapMs, faults, env, clocks = [], withinMs } = drill;
  const provider = await startProvider(['--cps', '500', '--requests', '100000', '--speed', String(SPEED)]);
  const server = await startUnderFire(provider.url, { PLIVO_CPS: '500', ...env });
  try {
    await begin(() => server.url, campaign);
    await provider.fault({ shares: faults, ...DELAYS });
    let done = 0;
    for (; done < kills && !(await isOver(server.url, campaign.id)); done += 1) {
      const gap = gapMs[0] + Math.random() * (gapMs[1] - gapMs[0]);
      await sleep(gap / 2);
      await stepClocks([server], clocks);
      await sleep(gap / 2);
      await server.kill();
      await stepClocks([server], clocks);
      await server.start();
    }
    const { verdict } = await endingOf({ provider, url: () => server.url }, campaign, withinMs);
    return { kills: done, ...verdict };
  } finally {
    await server.stop();
    provider.stop();
  }
}

async function isOver(url: string, id: string): Promise<boolean> {
  return (await reportOf(() => url, id))?.phase === 'completed';
}
