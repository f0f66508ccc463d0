import { iso } from '@ringside/core';
import type { Call, EventInput } from '@ringside/protocol';
import type { Intake } from '../ingest/intake.ts';
import { readEvent } from '../ingest/read-event.ts';
import { SIMULATION_WORKSPACE } from '../store/limits.ts';
import type { CallFilter } from '../store/reads.ts';
import type { Store, SummaryRow } from '../store/store.ts';

/** Phases in which nothing is dialed any more, though calls may be live in the last. */
const CLOSED: ReadonlySet<string> = new Set(['completed', 'cancelled', 'failed', 'finishing']);
const MOST_LIVE = 100;

interface Closing {
  readonly store: Pick<Store, 'calls'>;
  readonly intake: Pick<Intake, 'submit'>;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Says of a campaign that nothing plays any more that it is cancelled, and of its live calls that they have ended. */
export async function closeCampaign({ store, intake, at }: Closing, { id, summary }: SummaryRow): Promise<void> {
  const about = { campaignId: id, at: iso(at) };
  const live = summary.callMetrics.activeCalls === 0 ? [] : await liveCalls(store, id);
  const reason = 'the simulation has ended';
  const cancelled: EventInput[] = CLOSED.has(summary.phase)
    ? []
    : [{ ...about, type: 'campaign', change: 'cancelled', reason }];
  const ended = live.map(
    ({ callUUID, answerTime }): EventInput => ({
      ...about,
      ...{ type: 'ended', callId: callUUID, status: answerTime === null ? 'canceled' : 'completed' },
    }),
  );
  const workspace = SIMULATION_WORKSPACE;
  const sent = [...ended, ...cancelled].map((event) => {
    const read = readEvent(event, at, 'api');
    if ('code' in read) throw new Error(`a simulated campaign cannot be closed: ${read.field} ${read.message}`);
    return intake.submit({ kind: 'delivery', workspace, receivedAt: at, ...read });
  });
  await Promise.all(sent);
}

async function liveCalls(store: Closing['store'], campaignId: string): Promise<readonly Call[]> {
  const any = { outcomes: null, leads: null, code: null, digits: null, endedFrom: null, endedBefore: null };
  const filter: CallFilter = { ...any, minTalk: null, maxTalk: null, answeredBy: null, state: 'live' };
  const page = { sort: 'startTime', order: 'asc', limit: MOST_LIVE, cursor: null, mask: 'masked' } as const;
  const found = await store.calls(SIMULATION_WORKSPACE, campaignId, { filter, ...page });
  return found.outcome === 'page' ? found.items : [];
}
