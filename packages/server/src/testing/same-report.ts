import type { Report } from '@ringside/protocol';

/**
 * What two histories that mean the same must share: a report without its revision, its clock and its name. Forecasts
 * are left out, for they may be some seconds older than the report; forecasting.int.test.ts compares them.
 */
export function comparable(report: Report) {
  const { version: _v, revision: _r, asOf: _a, campaignId: _i, campaignName: _n, forecast: _f, ...rest } = report;
  return {
    ...rest,
    progress: { ...rest.progress, estimatedTimeRemaining: null },
    timeline: { ...rest.timeline, estimatedEndTime: null },
  };
}
