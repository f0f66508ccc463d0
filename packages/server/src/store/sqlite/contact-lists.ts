import { type Call, callFromText, type Contact as Kept } from '@ringside/core';
import type { Contact, LeadStatus } from '@ringside/protocol';
import { bestLead, type ContactStanding, contactStanding, contactView, type RetryRules } from '../contact-view.ts';
import type { ContactFilter } from '../reads.ts';
import { breathe } from './call-lists.ts';
import type { Database } from './database.ts';
import { sqlText } from './sql.ts';

/** A list of contacts, from a place on. */
export interface ContactPlan {
  readonly campaign: string;
  readonly filter: ContactFilter;
  readonly rules: RetryRules;
  /** Key of the contact before, empty at the beginning. */
  readonly after: string;
}

/** A contact that a filter let through, and its key. */
export interface FoundContact {
  readonly key: string;
  readonly contact: Contact;
}

interface ContactData {
  readonly contact_key: string;
  /** JSON, as are the leads of its calls. */
  readonly attempts: string;
  readonly leads: string;
}

/** Contacts that are read at once. */
const STRETCH = 500;

/** Finds the contacts of lists and exports, in order of their keys. */
export class ContactLists {
  readonly #sql;

  constructor(db: Database) {
    this.#sql = {
      page: db.prepare(sqlText('contacts-page')),
      call: db.prepare(sqlText('call-by-row')),
    };
  }

  /**
   * The next contacts that the filter lets through.
   * @param most how many of them
   * @param looked after how many contacts to stop, however few were found
   * @returns `next`: where to go on, `null` at the end
   */
  async next(
    plan: ContactPlan,
    most: number,
    looked = Number.POSITIVE_INFINITY,
  ): Promise<{ found: FoundContact[]; next: string | null }> {
    const found: FoundContact[] = [];
    let after = plan.after;
    for (let seen = 0; seen < looked; seen += STRETCH) {
      const page = this.#sql.page.all(plan.campaign, after, STRETCH) as unknown as ContactData[];
      for (const data of page) {
        const contact = this.#match(data, plan);
        if (contact) found.push({ key: data.contact_key, contact });
        if (found.length === most) return { found, next: data.contact_key };
      }
      after = page.at(-1)?.contact_key ?? after;
      if (page.length < STRETCH) return { found, next: null };
      await breathe();
    }
    return { found, next: after };
  }

  #match({ contact_key: key, attempts, leads }: ContactData, { campaign, filter, rules }: ContactPlan): Contact | null {
    const lead = bestLead(JSON.parse(leads));
    if (filter.leads && !filter.leads.includes(lead ?? 'unscored')) return null;
    const kept: Kept = { key, attempts: JSON.parse(attempts) };
    const standing = contactStanding(kept, rules);
    if (filter.states && !filter.states.includes(standing.state)) return null;
    return this.#show(campaign, kept, standing, lead);
  }

  #show(campaign: string, kept: Kept, standing: ContactStanding, lead: LeadStatus | null): Contact {
    const calls = kept.attempts.flatMap(({ call }): Call[] => {
      const row = this.#sql.call.get(campaign, call) as { record: string } | undefined;
      return row ? [callFromText(row.record)] : [];
    });
    return contactView(kept, standing, lead, calls);
  }
}
