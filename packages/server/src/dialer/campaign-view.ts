import { isOpen, lastChangeOf, nextOpening, openZones, zoneOf } from '@ringside/core';
import type { Campaign, CampaignChange, DialPlan, Phase } from '@ringside/protocol';
import type { CampaignRef } from '../store/among-nodes.ts';
import type { ListFacts } from '../store/dialing/dial-store.ts';
import type { Store } from '../store/store.ts';

/** What the dialer must know of a campaign. */
export interface CampaignView {
  /** It was started, and neither paused nor closed since. */
  readonly isOpen: boolean;
  /** Nothing will be dialed any more, unless somebody says otherwise. */
  readonly isOver: boolean;
  readonly campaign: Campaign;
  readonly plan: DialPlan;
  readonly list: ListFacts;
  /** Epoch milliseconds, `null` without one. */
  readonly deadline: number | null;
}

type ViewStore = Pick<Store, 'campaign' | 'declared' | 'dial'>;

/** Phases in which calls may start. The dialer itself finds out what is due and whose hours are open. */
const openPhases: ReadonlySet<Phase> = new Set(['running', 'waiting', 'stalled']);
const overPhases: ReadonlySet<Phase> = new Set(['completed', 'cancelled']);
const closingWords: ReadonlySet<CampaignChange> = new Set(['completed', 'cancelled', 'failed']);

/** @returns `null` for a campaign that Ringside cannot dial */
export async function viewOf(store: ViewStore, ref: CampaignRef, now: number): Promise<CampaignView | null> {
  const { workspace, campaignId } = ref;
  const [campaign, list] = await Promise.all([store.campaign(workspace, campaignId, now), store.dial.listFacts(ref)]);
  if (!campaign?.dial || !list) return null;
  const { phase, dial: plan } = campaign;
  // A campaign with live calls finishes whether it was closed or has nothing left for the moment.
  const closed = phase === 'finishing' && (await wasClosed(store, ref, now));
  return {
    isOpen: openPhases.has(phase) || (phase === 'finishing' && !closed),
    isOver: overPhases.has(phase) || closed,
    ...{ campaign, plan, list },
    deadline: campaign.deadline === null ? null : Date.parse(campaign.deadline),
  };
}

async function wasClosed(store: ViewStore, { workspace, campaignId }: CampaignRef, now: number): Promise<boolean> {
  const declared = await store.declared(workspace, campaignId, now);
  const last = declared && lastChangeOf(declared);
  return last !== null && closingWords.has(last.change);
}

/** Zones of the list whose contacts may be called now. */
export function openZonesOf({ campaign, list }: CampaignView, now: number): string[] {
  return openZones(campaign.windows, { campaign: campaign.timezone ?? 'UTC', list: list.zones }, now);
}

/** Whether a contact of a zone of the list may be called now; `''` is the campaign's. */
export function isOpenFor({ campaign: { windows, timezone } }: CampaignView, zone: string, now: number): boolean {
  return isOpen(windows, zoneOf(windows, timezone ?? 'UTC', zone), now);
}

/**
 * The first moment from `at` on at which a contact may be called again, or `null` where that is not before the deadline.
 * Where windows go by contacts' own zones they are looked at when the time has come.
 */
export function dueWithin({ campaign, deadline }: CampaignView, at: number): number | null {
  const { windows, timezone } = campaign;
  const opens = windows?.zone === 'campaign' ? nextOpening(windows, timezone ?? 'UTC', at) : at;
  return opens === null || (deadline !== null && opens >= deadline) ? null : opens;
}
