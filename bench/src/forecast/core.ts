export { forecastResult } from '../../../packages/core/src/forecast/forecast.ts';
export { forecastInput, liveCall, sampleCall } from '../../../packages/core/src/forecast/input.ts';
export { type EarlierForecast, type ForecastInput, SAMPLE_CALLS } from '../../../packages/core/src/forecast/types.ts';
