import type { Call } from './call.ts';
import { type CallFacts, factsOf, wasPlaced } from './call-facts.ts';
import { type Contact, contactState, decidedAt, retryDueAt } from './contact.ts';
import { bucketOf } from './histogram.ts';
import { type Count, minuteOf, slotOf } from './rollup.ts';

/*
 * Keys of the totals
 *   attempts, ended, answered, human, machine, short      counts of calls (all but attempts: of ended calls)
 *   outcome.<outcome>, cause.<code|text>, lead.<status>   ended calls by kind
 *   talk, talked                                          talk seconds of completed calls, and how many had one
 *   ring, rung                                            ring milliseconds, and how many calls had both times
 *   hist.<bucket>                                         completed calls by talk time
 *   leads                                                 completed calls whose lead converts
 *   priced.<currency>, cost.<currency>                    calls with a price, and spend in millionths
 *   contacts, reached, inFlight, open.<k>, due.<k>        contacts by state, k = ended attempts
 *   tried, spoken                                         contacts with an ended call, with a human answer
 * Keys of a minute
 *   s<slot>, e<slot>                                      calls placed and ended in each 10 s slot
 *   attempts, ended, answered, human, completed, talk, leads, reached, open.<k>, due.<k>
 *   dueAt.<k>                                             contacts of due.<k>, in the minute in which the retry is due
 */

/** What one call adds to its campaign. */
export function callContribution(call: Call): readonly Count[] {
  if (!wasPlaced(call)) return [];
  const facts = factsOf(call);
  const counts: Count[] = [total('attempts', 1)];
  if (facts.startedAt !== null) {
    const minute = minuteOf(facts.startedAt);
    counts.push({ minute, key: 'attempts', n: 1 }, { minute, key: `s${slotOf(facts.startedAt)}`, n: 1 });
  }
  if (call.cost) {
    const { currency, micros } = call.cost.value;
    counts.push(total(`priced.${currency ?? ''}`, 1), total(`cost.${currency ?? ''}`, micros));
  }
  if (facts.endedAt !== null) countEnd(counts, call, facts, facts.endedAt);
  return counts;
}

/** What one contact adds to its campaign. */
export function contactContribution(contact: Contact): readonly Count[] {
  if (contact.attempts.length === 0) return [];
  const ended = contact.attempts.filter((attempt) => attempt.outcome !== null);
  const state = contactState(contact);
  const key = state === 'in-flight' ? 'inFlight' : state === 'reached' ? 'reached' : `${state}.${ended.length}`;
  const counts: Count[] = [total('contacts', 1), total(key, 1)];
  const at = decidedAt(contact);
  if (at !== null) counts.push({ minute: minuteOf(at), key, n: 1 });
  const dueAt = state === 'due' ? retryDueAt(contact) : null;
  if (dueAt !== null) counts.push({ minute: minuteOf(dueAt), key: `dueAt.${ended.length}`, n: 1 });
  if (ended.length > 0) counts.push(total('tried', 1));
  if (ended.some((attempt) => attempt.human)) counts.push(total('spoken', 1));
  return counts;
}

function countEnd(counts: Count[], call: Call, facts: CallFacts, endedAt: number): void {
  const minute = minuteOf(endedAt);
  const both = (key: string, n = 1): void => {
    counts.push(total(key, n), { minute, key, n });
  };
  both('ended');
  counts.push({ minute, key: `e${slotOf(endedAt)}`, n: 1 });
  counts.push(total(`outcome.${facts.outcome}`, 1), total(`cause.${causeOf(call)}`, 1));
  counts.push(total(`lead.${facts.lead ?? 'unscored'}`, 1));
  if (facts.answered) both('answered');
  if (facts.human) both('human');
  if (facts.answered && facts.machine) counts.push(total('machine', 1));
  if (facts.short) counts.push(total('short', 1));
  if (facts.ringMs !== null) counts.push(total('ring', facts.ringMs), total('rung', 1));
  if (facts.outcome === 'completed') countCompleted(counts, facts, both);
}

function countCompleted(counts: Count[], facts: CallFacts, both: (key: string, n?: number) => void): void {
  both('completed');
  if (facts.talkSeconds !== null) {
    if (facts.talkSeconds > 0) both('talk', facts.talkSeconds);
    counts.push(total('talked', 1), total(`hist.${bucketOf(facts.talkSeconds)}`, 1));
  }
  if (facts.lead === 'hot' || facts.lead === 'warm') both('leads');
}

/** Hangup causes are told apart by code; without one by the words that were given. */
function causeOf(call: Call): string {
  const end = call.ended?.value;
  if (end?.code != null) return String(end.code);
  return end?.cause ? `:${end.cause.toUpperCase()}` : ':';
}

function total(key: string, n: number): Count {
  return { minute: null, key, n };
}
