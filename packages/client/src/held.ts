import type { Overview, Report, ServerMessage } from '@ringside/protocol';
import { mergePatch } from './merge.ts';
import { MOST_RECENT, upsertCalls } from './recent-calls.ts';
import type { Topic, TopicValue } from './topic.ts';

/** What is known of a topic, and at which revision. */
export interface Held<T extends TopicValue = TopicValue> {
  readonly revision: string;
  readonly value: T;
  /** A snapshot was asked for: patches are of no use until it comes. */
  readonly awaiting: boolean;
}

/** What became of a message: the new state, and whether a snapshot must be asked for. */
export interface Reception {
  readonly held: Held | null;
  readonly ask: boolean;
}

/** Takes a message into what is held of a topic. Messages of other topics change nothing. */
export function receive(topic: Topic, held: Held | null, message: ServerMessage): Reception {
  switch (message.type) {
    case 'snapshot':
      return isAbout(topic, message.campaignId) ? replace(message.revision, message.report) : keep(held);
    case 'overview-snapshot':
      return topic.kind === 'overview' ? replace(message.revision, message.overview) : keep(held);
    case 'patch':
      if (!isAbout(topic, message.campaignId)) return keep(held);
      return advance(held, message.from, message.revision, (report) => mergePatch(report, message.patch));
    case 'overview-patch':
      if (topic.kind !== 'overview') return keep(held);
      return advance(held, message.from, message.revision, (overview) => mergePatch(overview, message.patch));
    case 'calls':
      if (!isAbout(topic, message.campaignId)) return keep(held);
      // They follow the patch of their revision, so they do not move it.
      return advance(held, message.revision, message.revision, (value) => {
        const report = value as Report;
        return { ...report, recentActivity: upsertCalls(report.recentActivity, message.calls, MOST_RECENT) };
      });
    case 'heartbeat':
      return compare(held, topic.kind === 'overview' ? message.overview : message.revisions[topic.campaignId]);
    default:
      return keep(held);
  }
}

function isAbout(topic: Topic, campaignId: string): boolean {
  return topic.kind === 'campaign' && topic.campaignId === campaignId;
}

function keep(held: Held | null): Reception {
  return { held, ask: false };
}

function replace(revision: string, value: Report | Overview): Reception {
  return { held: { revision, value, awaiting: false }, ask: false };
}

function advance(held: Held | null, from: string, to: string, change: (value: TopicValue) => TopicValue): Reception {
  if (!held || held.awaiting) return keep(held);
  if (held.revision !== from) return askAgain(held);
  return { held: { revision: to, value: change(held.value), awaiting: false }, ask: false };
}

/** A heartbeat tells where the topic stands: a difference means that something was lost on the way. */
function compare(held: Held | null, current: string | undefined): Reception {
  if (!held) return { held: null, ask: true };
  if (!current || current === held.revision) return keep(held);
  return askAgain(held);
}

function askAgain(held: Held): Reception {
  return { held: { ...held, awaiting: true }, ask: true };
}
