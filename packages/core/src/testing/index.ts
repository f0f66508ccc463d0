export { MemoryCampaign } from '../memory-campaign.ts';
export { deliveries, T0 } from './deliveries.ts';
export { traps } from './traps.ts';
