import type { CampaignSummary, Report } from '@ringside/protocol';

/** A report without its feed, its longer tables and most of its rates. */
export function summaryOf(report: Report): CampaignSummary {
  const { recentActivity: _feed, callMetrics, ...rest } = report;
  const { rates, duration: _duration, hangupCauses: _causes, ...metrics } = callMetrics;
  return { ...rest, callMetrics: { ...metrics, rates: { answer: rates.answer } } };
}
