import { z } from 'zod';
import { CampaignId, TimeZone } from './primitives.ts';

/** What a key or a person may do at most. */
export const Role = z.enum(['viewer', 'operator', 'admin']);
export type Role = z.infer<typeof Role>;

/**
 * The rights that roles consist of. A key's scopes narrow its role, they never widen it.
 * `unmask`: see phone numbers whole; `host`: look after the workspaces of this Ringside;
 * `metrics`: read what is counted of all of them together.
 */
export const Permission = z.enum(['read', 'ingest', 'operate', 'unmask', 'administer', 'host', 'metrics']);
export type Permission = z.infer<typeof Permission>;

/** A workspace's id: a short name, or the client id of the host application. */
export const WorkspaceId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ -, and not begin with a sign');

const name = z.string().trim().min(1).max(120);
const moment = z.string().describe('ISO 8601 UTC');
const rate = z.number().int().min(1).max(1_000_000).nullable();

/** How much a workspace may ask for; `null` is without limit. */
export const Limits = z.strictObject({
  requestsPerSecond: rate.describe('API requests of the whole workspace, those that deliver events not counted'),
  keyRequestsPerSecond: rate.describe('API requests of one key or person'),
  eventsPerSecond: rate.describe('Events by API; callbacks that a provider signed are never refused for their number'),
});
export type Limits = z.infer<typeof Limits>;

export const Workspace = z.object({
  id: WorkspaceId,
  name,
  timeZone: TimeZone,
  limits: Limits,
  createdAt: moment,
  closedAt: moment.nullable().describe('Since when nobody gets in; its data stays'),
});
export type Workspace = z.infer<typeof Workspace>;

export const WorkspaceCreate = z.strictObject({
  id: WorkspaceId,
  name: name.optional(),
  timeZone: TimeZone.default('UTC'),
  limits: Limits.partial().optional(),
});
export type WorkspaceCreate = z.infer<typeof WorkspaceCreate>;

export const WorkspacePatch = z.strictObject({
  name: name.optional(),
  timeZone: TimeZone.optional(),
  limits: Limits.partial().optional(),
  closed: z.boolean().optional(),
});
export type WorkspacePatch = z.infer<typeof WorkspacePatch>;

export const ApiKey = z.object({
  id: z.string(),
  name,
  prefix: z.string().describe('How the key begins; the rest is not kept'),
  role: Role,
  scopes: z.array(Permission).nullable().describe('`null`: everything that the role may'),
  createdAt: moment,
  createdBy: z.string(),
  expiresAt: moment.nullable(),
  lastUsedAt: moment.nullable(),
  revokedAt: moment.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

const keyLife = z
  .number()
  .int()
  .min(60)
  .max(10 * 366 * 86_400);

export const ApiKeyCreate = z.strictObject({
  name,
  role: Role,
  scopes: z.array(Permission).min(1).max(7).optional(),
  expiresInSeconds: keyLife.optional(),
  workspace: WorkspaceId.optional().describe('Another workspace; needs the right to look after workspaces'),
});
export type ApiKeyCreate = z.infer<typeof ApiKeyCreate>;

export const ApiKeyPatch = z.strictObject({
  name: name.optional(),
  role: Role.optional(),
  scopes: z.array(Permission).min(1).max(7).nullable().optional(),
  expiresInSeconds: keyLife.nullable().optional(),
});
export type ApiKeyPatch = z.infer<typeof ApiKeyPatch>;

/** The only answer that ever holds the key itself. */
export const ApiKeyMade = ApiKey.extend({ key: z.string().describe('Shown only now') });
export type ApiKeyMade = z.infer<typeof ApiKeyMade>;

export const ApiKeyRotate = z.strictObject({
  graceSeconds: z
    .number()
    .int()
    .min(0)
    .max(30 * 86_400)
    .default(0)
    .describe('How long the old key still works'),
});

/** What a provider lets an account do, where Ringside dials with it. */
export const AccountLimits = z.strictObject({
  callsPerSecond: z.number().positive().max(1_000),
  concurrency: z.number().int().min(1).max(100_000).nullable().describe('Calls at once; `null` is without limit'),
});
export type AccountLimits = z.infer<typeof AccountLimits>;

export const ProviderAccount = z.object({
  id: z.string(),
  provider: z.literal('plivo'),
  authId: z.string(),
  name,
  tokens: z
    .array(z.object({ hint: z.string().describe('Its last characters'), addedAt: moment }))
    .describe('All of them are tried, newest first'),
  limits: AccountLimits.nullable().describe('`null`: as PLIVO_CPS and PLIVO_CONCURRENCY say'),
  createdAt: moment,
  configured: z.boolean().describe('Set by PLIVO_AUTH_ID; it cannot be changed here'),
});
export type ProviderAccount = z.infer<typeof ProviderAccount>;

const authToken = z.string().min(8).max(256);

export const ProviderAccountCreate = z.strictObject({
  provider: z.literal('plivo').default('plivo'),
  authId: z.string().regex(/^[A-Za-z0-9]{4,40}$/, 'must be an auth id, such as MAXXXXXXXXXXXXXXXXXX'),
  name: name.optional(),
  limits: AccountLimits.nullable().optional(),
  token: authToken,
});
export type ProviderAccountCreate = z.infer<typeof ProviderAccountCreate>;

export const ProviderAccountPatch = z.strictObject({
  name: name.optional(),
  limits: AccountLimits.nullable().optional(),
  addToken: authToken.optional().describe('From now on accepted too; the newest is used to ask the provider'),
  dropTokens: z.literal('all-but-newest').optional().describe('Ends a rotation'),
});
export type ProviderAccountPatch = z.infer<typeof ProviderAccountPatch>;

export const ShareLink = z.object({
  id: z.string(),
  name,
  campaignId: CampaignId.nullable().describe('`null`: the overview'),
  createdAt: moment,
  createdBy: z.string(),
  expiresAt: moment,
  lastUsedAt: moment.nullable(),
  revokedAt: moment.nullable(),
});
export type ShareLink = z.infer<typeof ShareLink>;

export const ShareLinkCreate = z.strictObject({
  name: name.optional(),
  campaignId: CampaignId.optional(),
  expiresInSeconds: z
    .number()
    .int()
    .min(60)
    .max(366 * 86_400)
    .default(7 * 86_400),
});
export type ShareLinkCreate = z.infer<typeof ShareLinkCreate>;

/** The only answer that ever holds the link's secret. */
export const ShareLinkMade = ShareLink.extend({
  url: z.string().describe('Shown only now; the secret is its fragment'),
});
export type ShareLinkMade = z.infer<typeof ShareLinkMade>;

export const AuditEntry = z.object({
  id: z.number().int(),
  at: moment,
  actor: z.string().describe('`key:<id>`, `user:<subject>`, `share:<id>`, `ringside` itself, or `cli`'),
  address: z.string().nullable(),
  action: z.string().describe('Such as `key.created`'),
  target: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,16}$/)
    .optional(),
  action: z.string().min(1).max(64).optional().describe('An action, or the part before its dot'),
  target: z.string().min(1).max(256).optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

/** Who is signed in. */
export const SessionInfo = z.object({
  workspace: z.string(),
  workspaceName: z.string(),
  timeZone: z.string(),
  role: Role.nullable().describe('`null` for a share link'),
  permissions: z.array(Permission),
  share: z.object({ campaignId: z.string().nullable(), expiresAt: moment }).nullable(),
  simulated: z.boolean().describe('Everything in this workspace is simulated: nobody is called'),
});
export type SessionInfo = z.infer<typeof SessionInfo>;

/** A single-use pass for `?ticket=` of a WebSocket, which cannot send a header. */
export const LiveTicket = z.object({ ticket: z.string(), expiresAt: moment });
export type LiveTicket = z.infer<typeof LiveTicket>;
