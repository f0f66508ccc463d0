import { callFromText, type Contact as Kept } from '@ringside/core';
import type { Contact, LeadStatus } from '@ringside/protocol';
import { breathe } from './call-lists.ts';
import { bestLead, type ContactStanding, contactStanding, contactView, type RetryRules } from './contact-view.ts';
import type { ReadSource, StoredContact } from './read-source.ts';
import type { ContactFilter } from './reads.ts';

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

/** Contacts that are read at once. */
const STRETCH = 500;

/** Finds the contacts of lists and exports, in order of their keys. */
export class ContactLists {
  readonly #source: Pick<ReadSource, 'contactsPage' | 'records'>;

  constructor(source: Pick<ReadSource, 'contactsPage' | 'records'>) {
    this.#source = source;
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
      const page = await this.#source.contactsPage(plan.campaign, after, STRETCH);
      for (const data of page) {
        const contact = await this.#match(data, plan);
        if (contact) found.push({ key: data.contact_key, contact });
        if (found.length === most) return { found, next: data.contact_key };
      }
      after = page.at(-1)?.contact_key ?? after;
      if (page.length < STRETCH) return { found, next: null };
      await breathe();
    }
    return { found, next: after };
  }

  async #match(
    { contact_key: key, attempts, leads }: StoredContact,
    { campaign, filter, rules }: ContactPlan,
  ): Promise<Contact | null> {
    const lead = bestLead(JSON.parse(leads));
    if (filter.leads && !filter.leads.includes(lead ?? 'unscored')) return null;
    const kept: Kept = { key, attempts: JSON.parse(attempts) };
    const standing = contactStanding(kept, rules);
    if (filter.states && !filter.states.includes(standing.state)) return null;
    return this.#show(campaign, kept, standing, lead);
  }

  async #show(campaign: string, kept: Kept, standing: ContactStanding, lead: LeadStatus | null): Promise<Contact> {
    const rows = kept.attempts.map(({ call }) => call);
    const records = await this.#source.records(campaign, rows);
    return contactView(kept, standing, lead, records.map(callFromText));
  }
}
