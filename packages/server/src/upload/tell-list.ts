import { must } from '@ringside/core';
import { listDelivery } from '../ingest/api-event.ts';
import type { Intake } from '../ingest/intake.ts';
import type { CampaignRef } from '../store/among-nodes.ts';
import type { DialStore, ListFacts } from '../store/dialing/dial-store.ts';

export interface TellerParts {
  readonly dial: Pick<DialStore, 'listFacts'>;
  readonly intake: Pick<Intake, 'submit'>;
  readonly now: () => number;
}

const MOST_ROUNDS = 5;

/**
 * Tells campaigns what their lists consist of. It looks again after it told: of several uploads at once whoever tells
 * last tells what is so.
 */
export class ListTeller {
  readonly #parts: TellerParts;
  #lastAt = 0;

  constructor(parts: TellerParts) {
    this.#parts = parts;
  }

  /** @param actor who changed the list. @returns what was told last */
  async tell(campaign: CampaignRef, actor: string): Promise<ListFacts> {
    const { dial, intake } = this.#parts;
    let told: ListFacts | null = null;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const at = this.#moment();
      const facts = await dial.listFacts(campaign);
      if (!facts) throw new Error('a list that was opened is not there');
      if (told && JSON.stringify(told) === JSON.stringify(facts)) return told;
      const delivery = listDelivery(facts, { at, actor });
      await intake.submit({ kind: 'delivery', ...campaign, receivedAt: at, delivery });
      told = facts;
    }
    return must(told, 'it was told at least once');
  }

  /** Later than every moment before, so that what is told later counts. */
  #moment(): number {
    this.#lastAt = Math.max(this.#parts.now(), this.#lastAt + 1);
    return this.#lastAt;
  }
}
