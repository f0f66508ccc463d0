import { callFromText, type Contact as Kept } from '@ringside/core';
import type { Contact, LeadStatus } from '@ringside/protocol';
import { breathe } from './call-lists.ts';
import {
  bestLead,
  type ContactStanding,
  contactStanding,
  contactView,
  listedAttributes,
  type RetryRules,
  uncalledView,
} from './contact-view.ts';
import { contactsInOrder, type MergedContact } from './contacts-in-order.ts';
import type { ListedContact, ReadSource, StoredContact } from './read-source.ts';
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

/** Finds the contacts of lists and exports, in order of their keys. */
export class ContactLists {
  readonly #source: Pick<ReadSource, 'contactsPage' | 'listPage' | 'records'>;

  constructor(source: Pick<ReadSource, 'contactsPage' | 'listPage' | 'records'>) {
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
    let seen = 0;
    for await (const page of contactsInOrder(this.#source, plan.campaign, plan.after)) {
      for (const merged of page) {
        const contact = await this.#match(merged, plan);
        if (contact) found.push({ key: merged.key, contact });
        if (found.length === most) return { found, next: merged.key };
      }
      seen += page.length;
      if (seen >= looked) return { found, next: page.at(-1)?.key ?? null };
      await breathe();
    }
    return { found, next: null };
  }

  async #match(merged: MergedContact, plan: ContactPlan): Promise<Contact | null> {
    const { called, listed } = merged;
    if (called) return this.#matchCalled(called, listed, plan);
    // Whose call ended is known by it, under whatever key, as long as it is kept.
    if (!listed || listed.ended > 0) return null;
    const { filter } = plan;
    if (filter.leads && !filter.leads.includes('unscored')) return null;
    const contact = uncalledView(listed);
    return filter.states && !filter.states.includes(contact.state) ? null : contact;
  }

  async #matchCalled(
    { contact_key: key, attempts, leads }: StoredContact,
    listed: ListedContact | null,
    { campaign, filter, rules }: ContactPlan,
  ): Promise<Contact | null> {
    const lead = bestLead(JSON.parse(leads));
    if (filter.leads && !filter.leads.includes(lead ?? 'unscored')) return null;
    const kept: Kept = { key, attempts: JSON.parse(attempts) };
    const standing = contactStanding(kept, rules);
    if (filter.states && !filter.states.includes(standing.state)) return null;
    const contact = await this.#show(campaign, kept, standing, lead);
    return { ...contact, attributes: { ...listedAttributes(listed), ...contact.attributes } };
  }

  async #show(campaign: string, kept: Kept, standing: ContactStanding, lead: LeadStatus | null): Promise<Contact> {
    const rows = kept.attempts.map(({ call }) => call);
    const records = await this.#source.records(campaign, rows);
    return contactView(kept, standing, lead, records.map(callFromText));
  }
}
