import type { CampaignSummary, Phase } from '@ringside/protocol';
import type { Moment } from '../readers.ts';
import { needsYou } from '../words.ts';

export const sortKeys = ['activity', 'name', 'progress', 'reached', 'answer', 'hot', 'live'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** Groups that the list can be narrowed to, in the order of the buttons. */
export const filters = {
  all: { label: 'All', holds: () => true },
  'needs-you': { label: 'Needs you', holds: needsYou },
  running: { label: 'Running', holds: ({ status }: CampaignSummary) => status === 'running' },
  paused: { label: 'Paused', holds: ({ status }: CampaignSummary) => status === 'paused' },
  queued: { label: 'Queued', holds: ({ status }: CampaignSummary) => status === 'queued' },
  over: { label: 'Over', holds: ({ status }: CampaignSummary) => status === 'completed' || status === 'failed' },
} as const satisfies Record<string, { label: string; holds: (campaign: CampaignSummary, now: Moment) => boolean }>;
export type Filter = keyof typeof filters;

export const filterNames = Object.keys(filters) as readonly Filter[];

/** What needs attention first, then what moves, then what is over. */
const rank: Readonly<Record<Phase, number>> = {
  running: 1,
  waiting: 1,
  finishing: 1,
  stalled: 0,
  failed: 4,
  pausing: 2,
  paused: 2,
  scheduled: 3,
  queued: 3,
  draft: 3,
  completed: 5,
  cancelled: 5,
};

/** A number to sort by; what is unknown comes last whichever way. */
const figures: Readonly<Record<Exclude<SortKey, 'activity' | 'name'>, (campaign: CampaignSummary) => number | null>> = {
  progress: ({ progress }) => progress.processedPercentage,
  reached: ({ progress }) => progress.completedCalls,
  answer: ({ callMetrics }) => callMetrics.answerRate,
  hot: ({ leads }) => leads.hot,
  live: ({ callMetrics }) => callMetrics.activeCalls,
};

export interface Selection {
  readonly filter: Filter;
  readonly search: string;
  readonly now: Moment;
}

/** The campaigns that a filter and a search leave. The search looks into name and id. */
export function selected(campaigns: readonly CampaignSummary[], { filter, search, now }: Selection): CampaignSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return campaigns.filter((campaign) => {
    const text = `${campaign.campaignName} ${campaign.campaignId}`.toLowerCase();
    return filters[filter].holds(campaign, now) && words.every((word) => text.includes(word));
  });
}

/** Ids in the wanted order. */
export function orderOf(campaigns: readonly CampaignSummary[], sort: Sort, now: Moment): string[] {
  const activityFirst = sort.key === 'activity' && !sort.descending ? -1 : 1;
  return [...campaigns]
    .sort((a, b) => bySort(a, b, sort) || activityFirst * byActivity(a, b, now))
    .map(({ campaignId }) => campaignId);
}

/** What is shown keeps its places, what is new goes to the end: for as long as the pointer is over the list. */
export function frozenOrder(shown: readonly string[], wanted: readonly string[]): string[] {
  const present = new Set(wanted);
  const known = new Set(shown);
  return [...shown.filter((id) => present.has(id)), ...wanted.filter((id) => !known.has(id))];
}

/** Zero where the sort does not tell them apart, which by activity is always. */
function bySort(a: CampaignSummary, b: CampaignSummary, { key, descending }: Sort): number {
  const direction = descending ? -1 : 1;
  if (key === 'activity') return 0;
  if (key === 'name') return direction * a.campaignName.localeCompare(b.campaignName);
  const [left, right] = [figures[key](a), figures[key](b)];
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return direction * (left - right);
}

function byActivity(a: CampaignSummary, b: CampaignSummary, now: Moment): number {
  const urgency = Number(needsYou(b, now)) - Number(needsYou(a, now));
  const newest = (b.timeline.startTime ?? '').localeCompare(a.timeline.startTime ?? '');
  return urgency || rank[a.phase] - rank[b.phase] || newest || a.campaignId.localeCompare(b.campaignId);
}
