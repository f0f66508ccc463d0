import { z } from 'zod';
import { Attributes, Instant } from './primitives.ts';
import { LeadStatus, Outcome } from './report.ts';

/** Where a contact stands: its bucket of the ledger. Only of a list that Ringside dials are the uncalled known one by one. */
export const ContactState = z.enum(['notStarted', 'excluded', 'reached', 'inFlight', 'waitingRetry', 'unreached']);
export type ContactState = z.infer<typeof ContactState>;

/** One person on the list, as far as it and the calls tell. Every member is always present; what is unknown is `null`. */
export const Contact = z.object({
  contactId: z.string().nullable(),
  number: z.string().nullable().describe('The number dialed last, or to be dialed'),
  attributes: Attributes.describe('Of the list and all calls; a later call’s value replaces an earlier one’s'),
  state: ContactState,
  attempts: z.number().int().min(0),
  lastOutcome: Outcome.nullable().describe('Of the call that ended last'),
  lastEndTime: Instant.nullable(),
  leadStatus: LeadStatus.nullable().describe('The best of its calls'),
  nextRetryAt: Instant.nullable().describe('As its last end announced, else by the campaign’s retry policy'),
});
export type Contact = z.infer<typeof Contact>;

export const ContactList = z.object({ items: z.array(Contact), nextCursor: z.string().nullable() });
export type ContactList = z.infer<typeof ContactList>;
