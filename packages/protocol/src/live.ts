import { z } from 'zod';
import { CampaignId, Instant } from './primitives.ts';
import { Overview, RecentCall, Report } from './report.ts';

/** A deep merge: objects merge member by member, arrays and `null` replace. Nothing is ever deleted. */
export const Patch = z.record(z.string(), z.unknown());
export type Patch = z.infer<typeof Patch>;

const revision = z.string();

/** What the server pushes. The same JSON travels over WebSocket and in the `data:` of SSE. */
export const ServerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocol: z.number().int(),
    epoch: z.string(),
    heartbeatMs: z.number().int(),
  }),
  z.object({ type: z.literal('snapshot'), campaignId: CampaignId, revision, report: Report }),
  z.object({ type: z.literal('patch'), campaignId: CampaignId, from: revision, revision, patch: Patch }),
  z.object({ type: z.literal('calls'), campaignId: CampaignId, revision, calls: z.array(RecentCall) }),
  z.object({ type: z.literal('overview-snapshot'), revision, overview: Overview }),
  z.object({ type: z.literal('overview-patch'), from: revision, revision, patch: Patch }),
  z.object({
    type: z.literal('heartbeat'),
    at: Instant,
    revisions: z.record(z.string(), revision).describe('Current revision of each campaign that this client follows'),
    overview: revision.optional(),
  }),
  z.object({
    type: z.literal('unsubscribed'),
    campaignId: CampaignId.optional(),
    overview: z.literal(true).optional(),
  }),
  z.object({ type: z.literal('pong') }),
  z.object({
    type: z.literal('error'),
    code: z.string(),
    detail: z.string(),
    campaignId: z.string().optional(),
  }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

/** What a WebSocket client may say. Subscribing again to the same thing asks for a fresh snapshot. */
export const ClientMessage = z.union([
  z.strictObject({ type: z.literal('subscribe'), campaignId: CampaignId }),
  z.strictObject({ type: z.literal('subscribe'), overview: z.literal(true) }),
  z.strictObject({ type: z.literal('unsubscribe'), campaignId: CampaignId }),
  z.strictObject({ type: z.literal('unsubscribe'), overview: z.literal(true) }),
  z.strictObject({ type: z.literal('ping') }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;
