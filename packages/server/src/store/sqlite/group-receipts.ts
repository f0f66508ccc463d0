import { type CallDelivery, type Delivery, drive, type Found, must, type Wanted } from '@ringside/core';
import { CAMPAIGN_ID } from '@ringside/protocol';
import { rulesDelivery } from '../../ingest/api-event.ts';
import type { PlivoReceipt, Receipt, ReceiptResult } from '../../ingest/receipt.ts';
import { plivoReceipt, type VerifiedCallback } from '../../providers/plivo/plivo-receipt.ts';
import type { AuditNote } from '../access/records.ts';
import { campaignKey } from '../campaign-key.ts';
import { type Admitted, admit, isOfErased } from '../privacy/admission.ts';
import type { ApplySettings, Tables } from './apply.ts';
import type { CampaignSearch } from './campaign-search.ts';
import type { LiveCampaign } from './campaigns.ts';

export interface Item {
  /** Place in the batch; `null` for a callback that had been waiting in the unassigned bin. */
  readonly index: number | null;
  readonly delivery: Delivery;
  readonly raw: string | null;
  /** The delivery is not the one that came: an erased number was taken out of it. */
  readonly isRewritten?: boolean;
  /** See {@link Receipt}. */
  readonly isLimited?: boolean | undefined;
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
  settings: ApplySettings & { readonly search: CampaignSearch },
  receipts: readonly Receipt[],
  results: ReceiptResult[],
): Group[] {
  settings.search.begin();
  const groups = new Map<string, Group>();
  const groupFor = (receipt: Receipt, campaignId: string): Group | null => {
    const name = `${receipt.workspace}\0${campaignId}`;
    const known = groups.get(name);
    if (known) return known;
    const key = campaignKey(receipt.workspace, campaignId);
    const live = tables.campaigns.get(key, receipt.receivedAt) ?? make(tables, settings, groups, receipt, campaignId);
    if (!live) return null;
    const group: Group = { live, items: [] };
    if (live.state.version === 0) group.items.push(...ownRules(tables, receipt));
    groups.set(name, group);
    return group;
  };
  receipts.forEach((receipt, index) => {
    if (receipt.kind === 'delivery') {
      const group = groupFor(receipt, receipt.campaignId);
      const fitting = group && admitted(tables, group.live, receipt.delivery);
      if (!group || !fitting) results[index] = { result: 'rejected', code: 'too-many-campaigns' };
      else if (fitting === 'past-retention') results[index] = { result: 'rejected', code: fitting };
      else group.items.push({ index, ...fitting, raw: null, audit: receipt.audit, isLimited: receipt.isLimited });
    } else if (receipt.nonce && !tables.nonces.take(receipt.nonce, receipt.receivedAt)) {
      results[index] = { result: 'rejected', code: 'nonce-reused' };
    } else placeCallback(tables, settings, groups, groupFor, receipt, index);
  });
  return [...groups.values()].filter((group) => group.items.length > 0);
}

function placeCallback(
  tables: Tables,
  { plivoTimeZone, search }: ApplySettings & { readonly search: CampaignSearch },
  groups: ReadonlyMap<string, Group>,
  groupFor: (receipt: Receipt, campaignId: string) => Group | null,
  receipt: PlivoReceipt,
  index: number,
): void {
  const { meaning } = receipt;
  const setAside = (why: string, alias: string | null): void => {
    if (mayBeKept(tables, receipt)) tables.unassigned.add(receipt, why, alias);
  };
  if (meaning.kind === 'aside') return setAside(meaning.why, null);
  const { delivery } = meaning;
  const aliases = delivery.aliases.map((alias) => alias.id);
  const campaignId = meaning.campaignId ?? search.find(groups, receipt, aliases);
  if (campaignId === null) return setAside('no campaign', aliases[0] ?? null);
  const group = CAMPAIGN_ID.test(campaignId) ? groupFor(receipt, campaignId) : null;
  if (!group) return setAside('campaign refused', null);
  const take = (told: CallDelivery, from: VerifiedCallback, at: number | null): boolean => {
    const fitting = admitted(tables, group.live, told);
    if (fitting === 'past-retention') return false;
    group.items.push({ index: at, ...fitting, raw: fitting.isRewritten ? null : rawOf(from) });
    return true;
  };
  if (!take(delivery, receipt, index)) return setAside('past-retention', null);
  for (const waited of tables.unassigned.take(receipt.workspace, aliases)) {
    const again = plivoReceipt(waited, plivoTimeZone).meaning;
    if (again.kind === 'call') take(again.delivery, waited, null);
  }
}

/** What a delivery comes to in a campaign, see {@link admit}. */
function admitted(
  tables: Tables,
  { key, workspace, state }: LiveCampaign,
  delivery: Delivery,
): Admitted | 'past-retention' {
  const eraser = tables.erased.of(workspace);
  const deletedBefore = tables.bases.get(key)?.deletedBefore ?? null;
  if (!eraser && deletedBefore === null) return { delivery, isRewritten: false };
  const read = (wanted: Wanted): Found => tables.rows.read(key, wanted);
  const [fitting] = drive(admit([delivery], { eraser, state, deletedBefore }), read);
  return must(fitting, 'one for each delivery');
}

/** A callback without a campaign that names somebody whose number was erased is not kept. */
export function mayBeKept({ erased }: Tables, receipt: PlivoReceipt): boolean {
  const eraser = erased.of(receipt.workspace);
  return !eraser || !isOfErased(receipt, eraser);
}

function rawOf({ query, body }: VerifiedCallback): string {
  return `${query}\n${body}`;
}

/** Makes the campaign that a message speaks of, unless the workspace has too many of that kind. */
function make(
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
function ownRules({ settings }: Tables, { workspace, receivedAt }: Receipt): Item[] {
  const leadRules = settings.get(workspace)?.leadRules;
  const moment = { at: receivedAt, receivedAt };
  return leadRules ? [{ index: null, delivery: rulesDelivery(leadRules, moment, null), raw: null }] : [];
}
