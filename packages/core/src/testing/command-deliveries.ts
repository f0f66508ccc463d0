import fc from 'fast-check';
import { mergeCampaign, saidNow, unknownCampaign } from '../campaign.ts';
import type { CampaignDelivery } from '../event.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** A command, and the step of the clock since the previous one. */
export interface Commanded {
  readonly stepMs: number;
  readonly change: 'started' | 'paused' | 'resumed' | 'completed' | 'cancelled';
}

/** Commands under a clock that goes on, is set back, or is set forward. */
export const commands: fc.Arbitrary<Commanded[]> = fc.array(
  fc.record({
    stepMs: fc.constantFrom(0, SECOND_MS, 40 * SECOND_MS, -15 * SECOND_MS, -2 * HOUR_MS, 2 * HOUR_MS),
    change: fc.constantFrom('started', 'paused', 'resumed', 'completed', 'cancelled'),
  }),
  { minLength: 1, maxLength: 8 },
);

/** Returns a command with the date that a store gives it. @param before what the store holds */
export function commandAfter(
  before: Parameters<typeof saidNow>[0],
  { change, now }: { readonly change: Commanded['change']; readonly now: number },
): CampaignDelivery {
  const moment = saidNow(before, now);
  const hash = `command ${change} ${moment.at}`;
  return { about: 'campaign', type: 'change', source: 'api', hash, ...moment, change, reason: null, actor: 'Asha' };
}

/** The same commands as deliveries of an empty campaign. @param from first reading of the clock */
export function commandDeliveries(from: number): fc.Arbitrary<CampaignDelivery[]> {
  return commands.map((given) => {
    let campaign = unknownCampaign;
    let now = from;
    return given.map(({ stepMs, change }) => {
      now += stepMs;
      const delivery = commandAfter(campaign, { change, now });
      campaign = mergeCampaign(campaign, delivery);
      return delivery;
    });
  });
}
