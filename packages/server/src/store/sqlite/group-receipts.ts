import type { Delivery } from '@ringside/core';
import { rulesDelivery } from '../../ingest/api-event.ts';
import type { PlivoReceipt, Receipt, ReceiptResult } from '../../ingest/receipt.ts';
import { plivoReceipt, type VerifiedCallback } from '../../providers/plivo/plivo-receipt.ts';
import type { AuditNote } from '../access/records.ts';
import { campaignKey } from '../campaign-key.ts';
import type { ApplySettings, Tables } from './apply.ts';
import type { LiveCampaign } from './campaigns.ts';

export interface Item {
  /** Place in the batch; `null` for a callback that had been waiting in the unassigned bin. */
  readonly index: number | null;
  readonly delivery: Delivery;
  readonly raw: string | null;
  /** Put down when the delivery changes something. */
  readonly audit?: AuditNote | undefined;
}

/** What a batch says about one campaign. */
export interface Group {
  readonly live: LiveCampaign;
  readonly items: Item[];
}

/** Finds each receipt's campaign, making those that only callbacks speak of. */
export function groupByCampaign(
  tables: Tables,
  settings: ApplySettings,
  receipts: readonly Receipt[],
  results: ReceiptResult[],
): Group[] {
  const groups = new Map<string, Group>();
  const groupFor = (receipt: Receipt, campaignId: string): Group | null => {
    const name = `${receipt.workspace}\0${campaignId}`;
    const known = groups.get(name);
    if (known) return known;
    const key = campaignKey(receipt.workspace, campaignId);
    const live = tables.campaigns.get(key, receipt.receivedAt) ?? admit(tables, settings, groups, receipt, campaignId);
    if (!live) return null;
    const group: Group = { live, items: [] };
    if (live.state.version === 0) group.items.push(...ownRules(tables, receipt));
    groups.set(name, group);
    return group;
  };
  receipts.forEach((receipt, index) => {
    if (receipt.kind === 'delivery') {
      const group = groupFor(receipt, receipt.campaignId);
      if (group) group.items.push({ index, delivery: receipt.delivery, raw: null, audit: receipt.audit });
      else results[index] = { result: 'rejected', code: 'too-many-campaigns' };
    } else if (receipt.nonce && !tables.nonces.take(receipt.nonce, receipt.receivedAt)) {
      results[index] = { result: 'rejected', code: 'nonce-reused' };
    } else placeCallback(tables, settings, groups, groupFor, receipt, index);
  });
  return [...groups.values()].filter((group) => group.items.length > 0);
}

function placeCallback(
  tables: Tables,
  settings: ApplySettings,
  groups: ReadonlyMap<string, Group>,
  groupFor: (receipt: Receipt, campaignId: string) => Group | null,
  receipt: PlivoReceipt,
  index: number,
): void {
  const { meaning } = receipt;
  if (meaning.kind === 'aside') return tables.unassigned.add(receipt, meaning.why, null);
  const { delivery } = meaning;
  const aliases = delivery.aliases.map((alias) => alias.id);
  const campaignId = meaning.campaignId ?? findCampaign(tables, groups, receipt.workspace, aliases);
  if (campaignId === null) return tables.unassigned.add(receipt, 'no campaign', aliases[0] ?? null);
  const group = isCampaignId(campaignId) ? groupFor(receipt, campaignId) : null;
  if (!group) return tables.unassigned.add(receipt, 'campaign refused', null);
  group.items.push({ index, delivery, raw: rawOf(receipt) });
  for (const waited of tables.unassigned.take(receipt.workspace, aliases)) {
    const again = plivoReceipt(waited, settings.plivoTimeZone).meaning;
    if (again.kind === 'call') group.items.push({ index: null, delivery: again.delivery, raw: rawOf(waited) });
  }
}

function isCampaignId(text: string): boolean {
  return /^[A-Za-z0-9._:-]{1,128}$/.test(text);
}

function rawOf({ query, body }: VerifiedCallback): string {
  return `${query}\n${body}`;
}

/** A callback without a campaign belongs to the one that knows its call; those in use are asked, newest first. */
function findCampaign(
  tables: Tables,
  groups: ReadonlyMap<string, Group>,
  workspace: string,
  aliases: readonly string[],
): string | null {
  for (const { live, items } of groups.values()) {
    if (live.workspace !== workspace) continue;
    const named = items.some(
      ({ delivery }) => delivery.about === 'call' && delivery.aliases.some((alias) => aliases.includes(alias.id)),
    );
    if (named) return live.campaignId;
  }
  const inUse = tables.campaigns.ofWorkspace(workspace).sort((a, b) => (b.state.lastAt ?? 0) - (a.state.lastAt ?? 0));
  for (const live of inUse) {
    if (aliases.some((alias) => tables.rows.byAlias(live.key, alias) !== null)) return live.campaignId;
  }
  return null;
}

/** Makes the campaign that a message speaks of, unless the workspace has too many of that kind. */
function admit(
  tables: Tables,
  settings: ApplySettings,
  groups: ReadonlyMap<string, Group>,
  receipt: Receipt,
  campaignId: string,
): LiveCampaign | null {
  const registers =
    receipt.kind === 'delivery' && receipt.delivery.about === 'campaign' && receipt.delivery.type === 'facts';
  if (!registers) {
    const stored = tables.campaigns.countUnregistered(receipt.workspace);
    const coming = [...groups.values()].filter(({ live }) => live.state.version === 0).length;
    if (stored + coming >= settings.unregisteredLimit) return null;
  }
  return tables.campaigns.create(receipt.workspace, campaignId, receipt.receivedAt);
}

/** A campaign keeps the lead rules that its workspace had when it was made, until others are applied to it. */
function ownRules({ settings }: Tables, { workspace, receivedAt: at }: Receipt): Item[] {
  const leadRules = settings.get(workspace)?.leadRules;
  return leadRules ? [{ index: null, delivery: rulesDelivery(leadRules, at, null), raw: null }] : [];
}
