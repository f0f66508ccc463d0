import { defaultSettings, type LeadRules } from '@ringside/protocol';
import { describe, expect, it } from 'vitest';
import type { Delivery } from './event.ts';
import { drive, fold } from './fold.ts';
import { newCampaignState } from './fold-work.ts';
import { MemoryCampaign } from './memory-campaign.ts';
import { ended, initiated, minute, missed, registered, said, talked } from './testing/said.ts';

const ANN = '+919876500001';
const rules: LeadRules = {
  ...defaultSettings.leadRules,
  repeatAttempts: [
    { fromAttempt: 2, points: 5 },
    { fromAttempt: 3, points: 20 },
  ],
};

const set = (leadRules: LeadRules, at = minute(0)): Delivery => registered(at, { leadRules });

/** What the rules say of each call that has a score, by its id. */
function reasons(deliveries: readonly Delivery[]): Record<string, readonly string[]> {
  const campaign = new MemoryCampaign();
  for (const delivery of deliveries) campaign.apply([delivery]);
  const scored = campaign.records().filter(({ score }) => score !== undefined);
  return Object.fromEntries(scored.map(({ aliases, score }) => [aliases[0]?.id ?? '', score?.reasons.slice(2) ?? []]));
}

describe('points for repeated attempts', () => {
  it('go by the place of the call among its contact’s attempts, whoever answered the others', () => {
    const list = [
      missed('1', minute(1), { to: ANN }),
      ...[2, 3, 4].map((n) => talked(`${n}`, minute(n), 20, { to: ANN })),
    ];
    expect(reasons([set(rules), ...list])).toEqual({
      '2': ['2nd attempt: +5'],
      '3': ['3rd attempt: +20'],
      '4': ['4th attempt: +20'],
    });
    expect(reasons(list)).toEqual({ '2': [], '3': [], '4': [] });
  });

  it('speak of attempts as people do', () => {
    const calls = Array.from({ length: 23 }, (_, n) => talked(`${n + 1}`, minute(n), 20, { to: ANN }));
    const said = reasons([set(rules), ...calls]);
    expect(['11', '12', '13', '21', '22', '23'].map((call) => said[call]?.[0]?.split(' ')[0])).toEqual([
      '11th',
      '12th',
      '13th',
      '21st',
      '22nd',
      '23rd',
    ]);
  });

  it('follow when an earlier attempt comes late, and when rules do', () => {
    const second = talked('second', minute(9), 20, { to: ANN });
    const first = talked('first', minute(1), 20, { to: ANN });
    const after = { first: [], second: ['2nd attempt: +5'] };
    expect(reasons([set(rules), second])).toEqual({ second: [] });
    expect(reasons([set(rules), second, first])).toEqual(after);
    expect(reasons([second, first, set(rules)])).toEqual(after);
    expect(reasons([set(rules), second, first, set(defaultSettings.leadRules, minute(1))])).toEqual({
      first: [],
      second: [],
    });
  });

  it('follow when two ids prove to be one call, and when a contact id moves calls to somebody else', () => {
    const twice = [talked('a', minute(1), 20, { to: ANN }), missed('b', minute(2), { to: ANN })];
    const third = talked('c', minute(3), 20, { to: ANN });
    expect(reasons([set(rules), ...twice, third])).toEqual({ a: [], c: ['3rd attempt: +20'] });
    const same = said({ call: 'a', to: ANN }, initiated(minute(1)));
    const joins: Delivery = { ...same, aliases: [...same.aliases, { kind: 'request', id: 'b' }] };
    expect(reasons([set(rules), ...twice, third, joins])).toMatchObject({ c: ['2nd attempt: +5'] });
    const other = said(
      { call: 'b', to: ANN, contactId: 'ann' },
      ended(minute(2.5), { status: 'no-answer', code: 3000, duration: 0 }),
    );
    expect(reasons([set(rules), talked('e', minute(0), 20, { contactId: 'ann' }), ...twice, third, other])).toEqual({
      e: [],
      a: ['2nd attempt: +5'],
      c: ['4th attempt: +20'],
    });
  });

  it('read other calls only where points depend on them', () => {
    const [first, second] = [talked('1', minute(1), 20, { to: ANN }), talked('2', minute(2), 20, { to: ANN })];
    expect(readsOfApplying([set(defaultSettings.leadRules), second], first)).toEqual([]);
    expect(readsOfApplying([set(rules), second], first)).toEqual(['2']);
    expect(readsOfApplying([set(rules), first], second)).toEqual([]);
    expect(readsOfApplying([set(rules), missed('2', minute(2), { to: ANN })], first)).toEqual([]);
  });
});

/** Rows outside its own call that a delivery makes the fold read. */
function readsOfApplying(before: readonly Delivery[], delivery: Delivery): string[] {
  const campaign = new MemoryCampaign();
  campaign.apply(before);
  const contacts = drive(fold(newCampaignState, before), () => ({
    calls: [],
    numbers: new Map(),
    contacts: [],
  })).contacts;
  const asked: string[] = [];
  drive(fold(campaign.state, [delivery]), (wanted) => {
    asked.push(...wanted.rows);
    return {
      calls: wanted.rows.flatMap((row) => campaign.calls.get(row) ?? []),
      numbers: new Map(),
      contacts: contacts.filter(({ key }) => wanted.contacts.includes(key)),
    };
  });
  return asked;
}
