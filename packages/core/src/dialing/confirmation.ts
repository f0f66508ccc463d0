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
export function confirmationOf({ confirmation, changes }: Campaign): Confirmed | null {
  const said = confirmation?.value ?? null;
  if (said?.state !== 'asked' && said?.state !== 'unconfirmed') return said;
  const like = changes?.[changeOfCommand[said.command]];
  if (!like) return said;
  // Orders of earlier versions do not say how many such changes there were; their clock does.
  const isProved =
    said.order?.saidBefore === undefined
      ? like.receivedAt >= (said.order?.askedAt ?? said.at)
      : like.count > said.order.saidBefore;
  return isProved ? { ...said, state: 'confirmed', message: null, at: like.at } : said;
}
