import type { CampaignSummary, Report } from '@ringside/protocol';

/** A report without its feed and its longer tables. */
export function summaryOf(report: Report): CampaignSummary {
  const { recentActivity: _feed, callMetrics, ...rest } = report;
  const { rates: _rates, duration: _duration, hangupCauses: _causes, ...metrics } = callMetrics;
  return { ...rest, callMetrics: metrics };
}
