import { describe, expect, it } from 'vitest';
import type { CampaignFacts } from '../event.ts';
import { MemoryCampaign } from '../memory-campaign.ts';
import { list, windows } from '../testing/dialed.ts';
import { minute } from '../testing/said.ts';
import { missesDeadline } from './deadline.ts';

const HOUR = 3_600;

/** 100 contacts that take so many hours of dialing, from 14:00 on. */
function missed(facts: CampaignFacts, hours: number | null, from = 0): number | null {
  const campaign = new MemoryCampaign();
  campaign.apply([list(100, facts)]);
  const ledger = { notStarted: 90, waitingRetry: 10, inFlight: 3, reached: 0, unreached: 0, excluded: 0 };
  const p50 = (hours ?? 0) * HOUR;
  const seconds = hours === null ? null : { p10: p50, p50, p90: p50 };
  const forecast = { seconds, endTime: null, basis: null, sample: 0 };
  return missesDeadline(campaign.state.campaign, { ledger, forecast, from: minute(from) });
}

describe('contacts that the deadline leaves uncalled', () => {
  it('are none without one, or when there is time enough', () => {
    expect(missed({}, 5)).toBe(0);
    expect(missed({ deadline: minute(6 * 60) }, 5)).toBe(0);
  });

  it('are in proportion to the dialing that does not fit in', () => {
    expect(missed({ deadline: minute(60) }, 4)).toBe(75);
    expect(missed({ deadline: minute(120) }, 4, 60)).toBe(75);
  });

  it('take closed hours into account', () => {
    expect(missed({ deadline: minute(24 * 60), windows: windows('14:00', '15:00') }, 4)).toBe(75);
  });

  it('are all of them once it has passed, and not known without a forecast', () => {
    expect(missed({ deadline: minute(60) }, 4, 61)).toBe(100);
    expect(missed({ deadline: minute(60) }, null)).toBeNull();
  });
});
