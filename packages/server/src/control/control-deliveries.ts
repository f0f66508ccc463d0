import type { AskedOrder, CampaignDelivery, Change, Moment } from '@ringside/core';
import type { CommandName } from '@ringside/protocol';
import { contentHash, saidDelivery } from '../ingest/api-event.ts';
import type { AnswerStep, CommandStep } from './control-step.ts';

/** The campaign goes on as it is; its timeline tells who had contacts called again. */
export function dialAgainDelivery(
  { actor, reason }: Pick<CommandStep, 'actor' | 'reason'>,
  moment: Moment,
): CampaignDelivery {
  const why = reason === null ? 'failed contacts are called again' : `failed contacts are called again: ${reason}`;
  return saidDelivery({}, { ...moment, registers: false, actor, reason: why });
}

/** A campaign is another from now on. `until` counts for a pause alone. Times are epoch milliseconds. */
export function changeDelivery(
  said: {
    readonly change: Change['change'];
    readonly actor: string;
    readonly reason: string | null;
    readonly until: number | null;
  },
  moment: Moment,
): CampaignDelivery {
  const { change, actor, reason } = said;
  const until = change === 'paused' && said.until !== null ? { until: said.until } : {};
  const hash = contentHash({ change, actor, reason, at: moment.at, ...until });
  return { about: 'campaign', type: 'change', hash, source: 'api', ...moment, change, reason, actor, ...until };
}

/** What is known of an order to an external dialer. */
export function confirmationDelivery(
  confirmation: {
    readonly command: CommandName;
    readonly state: 'asked' | AnswerStep['state'];
    readonly message: string | null;
    readonly order: AskedOrder;
  },
  moment: Moment,
): CampaignDelivery {
  const hash = contentHash({ confirmation, at: moment.at });
  return { about: 'campaign', type: 'confirmation', hash, source: 'api', ...moment, confirmation };
}
