import fc from 'fast-check';
import { mergeCampaign, saidNow, unknownCampaign } from '../campaign.ts';
import type { CampaignDelivery } from '../event.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** A command, and how far the clock stands from where it stood at the command before. */
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

/** A command as a store dates it that holds `before`. */
export function commandAfter(
  before: Parameters<typeof saidNow>[0],
  { change, now }: { readonly change: Commanded['change']; readonly now: number },
): CampaignDelivery {
  const moment = saidNow(before, now);
  const hash = `command ${change} ${moment.at}`;
  return { about: 'campaign', type: 'change', source: 'api', hash, ...moment, change, reason: null, actor: 'Asha' };
}

/** The same as deliveries of a campaign that holds nothing else. @param from where the clock begins */
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
