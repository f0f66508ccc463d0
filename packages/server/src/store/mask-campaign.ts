import { maskNumber } from '@ringside/core';
import type { Campaign, CampaignSummary, Report, TimelineItem } from '@ringside/protocol';
import { maskAttributes, maskRecentCall, maskText } from './mask-numbers.ts';

/** Members that name something of ours, and so hold no number of a person. */
const ID = /^(id|workspace|prefix|.*Id)$/;

/** A report for readers who may not see numbers. Causes that a dialer gives in words may hold some. */
export function maskReport(report: Report): Report {
  const { callMetrics, recentActivity } = report;
  const hangupCauses = callMetrics.hangupCauses.map((cause) => ({ ...cause, name: maskText(cause.name) }));
  return {
    ...report,
    blockers: maskBlockers(report.blockers),
    callMetrics: { ...callMetrics, hangupCauses },
    recentActivity: recentActivity.map(maskRecentCall),
  };
}

/** A row of the overview, likewise. */
export function maskSummary(summary: CampaignSummary): CampaignSummary {
  return { ...summary, blockers: maskBlockers(summary.blockers) };
}

/** They repeat why somebody paused a campaign, in that person's words. */
function maskBlockers(blockers: Report['blockers']): Report['blockers'] {
  return blockers.map((blocker) => ({ ...blocker, message: maskText(blocker.message) }));
}

/** A campaign, likewise. Its name and id are shown as they were given. */
export function maskCampaign<T extends Campaign>(campaign: T): T {
  const { attributes, answerXml, confirmation, dial } = campaign;
  const message = confirmation.message && maskText(confirmation.message);
  return {
    ...campaign,
    attributes: maskAttributes(attributes),
    answerXml: answerXml && maskText(answerXml),
    confirmation: { ...confirmation, message },
    dial: dial && { ...dial, callerIds: dial.callerIds.map(maskNumber) },
  };
}

/** A line of a campaign's timeline, likewise. */
export function maskTimelineItem(item: TimelineItem): TimelineItem {
  const { actor, reason, changes } = item;
  return {
    ...item,
    actor: actor && maskText(actor),
    reason: reason && maskText(reason),
    changes: changes && (maskDeep(changes) as TimelineItem['changes']),
  };
}

/** Every text inside, but for ids, without the numbers in it; free facts of a call or campaign also where they are no text. */
export function maskDeep(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (ID.test(name)) return [name, member];
      return [name, name === 'attributes' && isRecord(member) ? maskAttributes(member as never) : maskDeep(member)];
    }),
  );
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
