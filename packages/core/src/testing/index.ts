export { deliveries, T0, traps } from './deliveries.ts';
export { MemoryCampaign } from './memory-campaign.ts';
