import { z } from 'zod';
import { CampaignId, Instant } from './primitives.ts';

/** A simulated campaign that runs. There is at most one on a server. */
export const SimulationRun = z.object({
  campaignId: CampaignId,
  startedAt: Instant,
  endsAt: Instant.describe('When it ends at the latest; it usually completes before'),
  own: z.boolean().describe('Started by an admin of this workspace, who can stop it'),
});
export type SimulationRun = z.infer<typeof SimulationRun>;

/** Whether a simulated campaign can be run, and the one that runs. */
export const SimulationStatus = z.object({
  available: z.boolean().describe('False with RINGSIDE_SIMULATION=0'),
  running: SimulationRun.nullable(),
});
export type SimulationStatus = z.infer<typeof SimulationStatus>;

/** The running simulation, with a share link that shows it. */
export const SimulationOpened = SimulationRun.extend({
  url: z.string().describe('A share link of the simulated campaign, good for a day; the secret is its fragment'),
});
export type SimulationOpened = z.infer<typeof SimulationOpened>;
