import type { CampaignChange, CommandName } from '@ringside/protocol';
import type { Campaign, Confirmed } from '../campaign.ts';

/** What a campaign is said to have become once a command was obeyed. */
export const changeOfCommand: Readonly<Record<CommandName, CampaignChange>> = {
  start: 'started',
  pause: 'paused',
  resume: 'resumed',
  cancel: 'cancelled',
  'retry-failed': 'resumed',
};

/**
 * What is known of the last command to an external dialer, `null` before the first. A dialer that says by an event of
 * its own that it did what it was asked has confirmed it, whenever it says so.
 */
export function confirmationOf({ confirmation, history }: Campaign): Confirmed | null {
  const said = confirmation?.value ?? null;
  if (said?.state !== 'asked' && said?.state !== 'unconfirmed') return said;
  const done = changeOfCommand[said.command];
  const like = history.filter((entry) => entry.type === 'change' && entry.change === done);
  // Orders stored by earlier versions lack the count; for them the clock decides.
  const askedAt = said.order?.askedAt ?? said.at;
  const before = said.order?.saidBefore ?? like.filter(({ receivedAt }) => receivedAt < askedAt).length;
  const proof = like.length > before ? like.at(-1) : undefined;
  return proof ? { ...said, state: 'confirmed', message: null, at: proof.at } : said;
}
