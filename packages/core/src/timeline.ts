import type { TimelineItem } from '@ringside/protocol';
import type { Change } from './campaign.ts';
import type { CampaignEvent } from './campaign-events.ts';
import type { CampaignState } from './fold-work.ts';
import { iso } from './instant.ts';
import { standingOf } from './phase.ts';
import type { Rollup } from './rollup.ts';

/** A stretch of a campaign's events, oldest first. */
export interface EventPage {
  readonly events: readonly CampaignEvent[];
  /** The event after them, `null` where they are the newest. */
  readonly newer: CampaignEvent | null;
  /** Whether there are older ones. */
  readonly hasOlder: boolean;
}

/**
 * What happened to a campaign in a stretch of its events, oldest first: what people and systems said of it, and what
 * follows from its calls. Pages that lie side by side make up the whole.
 */
export function timelineOf(state: CampaignState, rollup: Rollup, now: number, page: EventPage): TimelineItem[] {
  const { events, newer, hasOlder } = page;
  const from = hasOlder ? (events[0]?.at ?? 0) : Number.NEGATIVE_INFINITY;
  const to = newer?.at ?? Number.POSITIVE_INFINITY;
  const derived = derivedItems(state, rollup, now).filter(({ at }) => from <= at && at < to);
  const items = withoutSteps(events, newer).map((event) => ({ at: event.at, item: itemOf(event) }));
  return [...items, ...derived].sort((a, b) => a.at - b.at).map(({ item }) => item);
}

const nobody = { actor: null, reason: null, changes: null };

function itemOf(event: CampaignEvent): TimelineItem {
  const at = iso(event.at);
  switch (event.type) {
    case 'facts': {
      const { answerXml: _long, ...changes } = event.facts;
      const kind = event.registers ? 'registered' : 'changed';
      return { at, kind, actor: event.actor ?? null, reason: event.reason ?? null, changes };
    }
    case 'change':
      return { at, kind: event.change, actor: event.actor, reason: event.reason, changes: untilOf(event) };
    case 'fault':
      return { ...nobody, at, kind: 'fault', reason: event.code };
  }
}

interface DatedItem {
  readonly at: number;
  readonly item: TimelineItem;
}

/** What nobody said. */
function derivedItems(state: CampaignState, rollup: Rollup, now: number): DatedItem[] {
  const { startedAt, reopened, phase } = standingOf(state, rollup, now);
  const derived = (at: number, kind: TimelineItem['kind'], reason: string | null = null): DatedItem => ({
    at,
    item: { ...nobody, at: iso(at), kind, reason },
  });
  const items: DatedItem[] = [];
  if (state.firstCallAt !== null) items.push(derived(state.firstCallAt, 'first-call'));
  if (reopened) items.push(derived(reopened.at, 'reopened', `dialed again after it was ${reopened.change}`));
  const saysSo = state.campaign.changes?.completed !== undefined;
  if (phase === 'completed' && !saysSo && startedAt !== null && state.lastAt !== null) {
    items.push(derived(state.lastAt, 'completed', 'every contact is settled'));
  }
  return items;
}

/** What a list consists of is told again and again while it is uploaded: the last of it counts. */
function withoutSteps(events: readonly CampaignEvent[], newer: CampaignEvent | null): readonly CampaignEvent[] {
  return events.filter((event, at) => {
    const next = events[at + 1] ?? newer;
    return !(isOfList(event) && next && isOfList(next) && event.actor === next.actor);
  });
}

function isOfList(event: CampaignEvent): event is CampaignEvent & { readonly type: 'facts' } {
  return event.type === 'facts' && event.facts.listZones !== undefined;
}

/** Until when a timed pause was meant. */
function untilOf({ until }: Change): Record<string, unknown> | null {
  return until === undefined ? null : { until: iso(until) };
}
