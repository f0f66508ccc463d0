import type { CampaignRef } from '../store/among-nodes.ts';

/** What control asks of the dialer of this server. Everything else it learns from what is stored and published. */
export interface DialerControl {
  /** Ends the calls of a campaign that are live. @returns how many were told to end */
  hangUpLive(campaign: CampaignRef): Promise<number>;
}

/** For a server that dials nothing. */
export const noDialer: DialerControl = { hangUpLive: async () => 0 };
