import type { TimelineItem } from '@ringside/protocol';
import type { Change } from './campaign.ts';
import type { CampaignDelivery } from './event.ts';
import type { CampaignState } from './fold-work.ts';
import { iso } from './instant.ts';
import { standingOf } from './phase.ts';
import { compare } from './register.ts';
import type { Rollup } from './rollup.ts';

/** What happened to a campaign, oldest first: what people and systems said of it, and what follows from its calls. */
export function timelineOf(state: CampaignState, rollup: Rollup, now: number): TimelineItem[] {
  const { startedAt, reopened, phase } = standingOf(state, rollup, now);
  const nobody = { actor: null, reason: null, changes: null };
  const items: TimelineItem[] = withoutSteps(state.campaign.history).flatMap((entry): TimelineItem[] => {
    const at = iso(entry.at);
    switch (entry.type) {
      case 'facts': {
        const { answerXml: _long, ...changes } = entry.facts;
        const kind = entry.registers ? 'registered' : 'changed';
        return [{ at, kind, actor: entry.actor ?? null, reason: entry.reason ?? null, changes }];
      }
      case 'change':
        return [{ at, kind: entry.change, actor: entry.actor, reason: entry.reason, changes: untilOf(entry) }];
      case 'fault':
        return [{ ...nobody, at, kind: 'fault', reason: entry.code }];
      default:
        return [];
    }
  });
  if (state.firstCallAt !== null) items.push({ ...nobody, at: iso(state.firstCallAt), kind: 'first-call' });
  if (reopened) {
    items.push({
      ...nobody,
      at: iso(reopened.at),
      kind: 'reopened',
      reason: `dialed again after it was ${reopened.change}`,
    });
  }
  const saysSo = items.some((item) => item.kind === 'completed');
  if (phase === 'completed' && !saysSo && startedAt !== null && state.lastAt !== null) {
    items.push({ ...nobody, at: iso(state.lastAt), kind: 'completed', reason: 'every contact is settled' });
  }
  return items.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || compare(a.kind, b.kind));
}

/** What a list consists of is told again and again while it is uploaded: the last of it counts. */
function withoutSteps(history: readonly CampaignDelivery[]): readonly CampaignDelivery[] {
  return history.filter((entry, at) => {
    const next = history[at + 1];
    return !(isOfList(entry) && next && isOfList(next) && entry.actor === next.actor);
  });
}

function isOfList(entry: CampaignDelivery): entry is CampaignDelivery & { readonly type: 'facts' } {
  return entry.type === 'facts' && entry.facts.listZones !== undefined;
}

/** Until when a timed pause was meant. */
function untilOf({ until }: Change): Record<string, unknown> | null {
  return until === undefined ? null : { until: iso(until) };
}
