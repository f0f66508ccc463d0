import { type Campaign, fact, saidNow } from '@ringside/core';
import { listFactsOf, saidDelivery } from '../ingest/api-event.ts';
import type { Intake } from '../ingest/intake.ts';
import type { CampaignRef } from '../store/among-nodes.ts';
import type { ListFacts } from '../store/dialing/dial-store.ts';
import type { Store } from '../store/store.ts';

export interface TellerParts {
  readonly store: Pick<Store, 'declared' | 'dial'>;
  readonly intake: Pick<Intake, 'submit'>;
  readonly now: () => number;
}

const MOST_ROUNDS = 5;

/**
 * Tells campaigns what their lists consist of, and looks again until they know it: of several uploads at once, on whatever
 * nodes and by whatever clocks, the last word is what is so.
 */
export class ListTeller {
  readonly #parts: TellerParts;

  constructor(parts: TellerParts) {
    this.#parts = parts;
  }

  /** @param actor who changed the list. @returns what it consists of */
  async tell(campaign: CampaignRef, actor: string): Promise<ListFacts> {
    const { store, intake, now } = this.#parts;
    const { workspace, campaignId } = campaign;
    for (let round = 0; ; round += 1) {
      const declared = await store.declared(workspace, campaignId, now());
      const facts = await store.dial.listFacts(campaign);
      if (!facts) throw new Error('a list that was opened is not there');
      if (round === MOST_ROUNDS || (declared && knows(declared, facts))) return facts;
      const moment = saidNow(declared ?? { lastAt: null }, now());
      const delivery = saidDelivery(listFactsOf(facts), { ...moment, registers: false, actor });
      await intake.submit({ kind: 'delivery', ...campaign, receivedAt: moment.receivedAt, delivery });
    }
  }
}

function knows(declared: Campaign, list: ListFacts): boolean {
  const said = {
    totalCalls: fact(declared, 'totalCalls'),
    listZones: fact(declared, 'listZones'),
    listExcluded: fact(declared, 'listExcluded'),
  };
  return JSON.stringify(said) === JSON.stringify(listFactsOf(list));
}
