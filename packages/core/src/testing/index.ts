export { MemoryCampaign } from '../memory-campaign.ts';
export { deliveries, T0, traps } from './deliveries.ts';
