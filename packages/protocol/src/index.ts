export * from './call-event.ts';
export * from './campaign.ts';
export * from './errors.ts';
export * from './live.ts';
export * from './primitives.ts';
export * from './report.ts';
export * from './settings.ts';
export * from './version.ts';
