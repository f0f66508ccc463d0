/** A campaign, by the names that everybody knows. */
export interface CampaignName {
  readonly workspace: string;
  readonly campaignId: string;
}

/** What control asks of the dialer of this server. What is stored reaches it by itself; this makes it sooner. */
export interface DialerControl {
  /** Ends the calls of a campaign that are live. @returns how many were told to end */
  hangUpLive(campaign: CampaignName): Promise<number>;
  /** The campaign was commanded, or its pace changed: look now. */
  changed(campaign: CampaignName): void;
}

/** For a server that dials nothing. */
export const noDialer: DialerControl = { hangUpLive: async () => 0, changed: () => {} };
