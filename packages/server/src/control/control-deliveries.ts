import type { AskedOrder, CampaignDelivery, Change } from '@ringside/core';
import type { CommandName } from '@ringside/protocol';
import { contentHash, saidDelivery } from '../ingest/api-event.ts';
import type { AnswerStep, CommandStep } from './control-step.ts';

/** The campaign goes on as it is; its timeline tells who had contacts called again. */
export function dialAgainDelivery(
  { actor, reason }: Pick<CommandStep, 'actor' | 'reason'>,
  at: number,
): CampaignDelivery {
  const why = reason === null ? 'failed contacts are called again' : `failed contacts are called again: ${reason}`;
  return saidDelivery({}, { registers: false, at, actor, reason: why });
}

/** A campaign is another from now on. `until` counts for a pause alone. Times are epoch milliseconds. */
export function changeDelivery(said: {
  readonly change: Change['change'];
  readonly actor: string;
  readonly reason: string | null;
  readonly until: number | null;
  readonly at: number;
}): CampaignDelivery {
  const { change, actor, reason, at } = said;
  const until = change === 'paused' && said.until !== null ? { until: said.until } : {};
  const hash = contentHash({ change, actor, reason, at, ...until });
  return {
    about: 'campaign',
    type: 'change',
    hash,
    source: 'api',
    receivedAt: at,
    at,
    change,
    reason,
    actor,
    ...until,
  };
}

/** What is known of an order to an external dialer. */
export function confirmationDelivery(said: {
  readonly command: CommandName;
  readonly state: 'asked' | AnswerStep['state'];
  readonly message: string | null;
  readonly order: AskedOrder;
  readonly at: number;
}): CampaignDelivery {
  const { at, ...confirmation } = said;
  const hash = contentHash({ confirmation, at });
  return { about: 'campaign', type: 'confirmation', hash, source: 'api', receivedAt: at, at, confirmation };
}
