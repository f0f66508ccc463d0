import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Eraser, eraseNumber, isErased, isErasedPair, isToErase, namesErased, withCompanions } from './erase.ts';
import type { CallDelivery, Delivery } from './event.ts';
import { drive } from './fold.ts';
import { MemoryCampaign } from './memory-campaign.ts';
import { erasedNumber } from './phone.ts';
import { withoutCalls } from './removal.ts';
import { rollupToData } from './rollup.ts';
import { deliveries, T0 } from './testing/deliveries.ts';
import { answered, ended, initiated, minute, said } from './testing/said.ts';

const NOW = T0 + 10 * 60_000;
const CANARY = '+919876543210';
const token = erasedNumber('abcdefghijklmnopabcdefgh');
const runs = { numRuns: Number(process.env.LAW_RUNS ?? 100) };

const letters = (text: string): string =>
  [...text.padStart(24, '0')].map((digit) => String.fromCharCode(97 + Number(digit))).join('');

/** Hashes keep their order here, so that statements that contradict each other at one instant are decided as before. */
const eraser: Eraser = {
  tokenOf: (number) => (number === CANARY ? token : null),
  tokenOfDigits: (digits) =>
    ['919876543210', '9876543210'].includes(digits.replace(/^0+/, '')) ? erasedNumber(letters(digits)) : null,
  rehash: (hash) => hash,
};

/** The smallest store that can erase: it keeps deliveries, and rewrites those of the calls that are concerned. */
class Keeping {
  readonly campaign = new MemoryCampaign();
  readonly log = new Map<number, CallDelivery>();
  #isOn = false;

  take(delivery: Delivery): void {
    const kept = this.#isOn && delivery.about === 'call' ? this.#rewritten(delivery) : delivery;
    const { stored } = this.campaign.apply([kept]);
    for (const { seq } of stored) if (kept.about === 'call') this.log.set(seq, kept);
    if (this.#isOn) this.erase();
  }

  erase(): void {
    this.#isOn = true;
    const found = [...this.campaign.calls.values()].filter(({ call }) => isToErase(call, eraser, null));
    const rows = drive(withCompanions(found, eraser), this.campaign.read);
    const seqs = rows.flatMap((row) => row.seqs).sort((a, b) => a - b);
    const concerned = new Set(found.flatMap((row) => row.seqs));
    this.campaign.remove(
      drive(
        withoutCalls(rows, null, (number, id) => isErasedPair(number, id, eraser)),
        this.campaign.read,
      ),
    );
    for (const seq of seqs) {
      const delivery = this.log.get(seq) as CallDelivery;
      this.log.set(seq, eraseNumber(delivery, eraser, { country: null, ofErased: concerned.has(seq) }));
    }
    this.campaign.refold(
      seqs.map((seq) => this.log.get(seq) as CallDelivery),
      seqs,
    );
  }

  /** Everything that is kept, as text. */
  text(): string {
    const { campaign, log } = this;
    return JSON.stringify([[...campaign.calls], campaign.contacts(), [...log], campaign.records()]);
  }

  #rewritten(delivery: CallDelivery): CallDelivery {
    const aliases = delivery.aliases.map(({ id }) => id);
    const known = [...this.campaign.calls.values()].some(
      ({ call }) => isErased(call) && call.aliases.some(({ id }) => aliases.includes(id)),
    );
    return eraseNumber(delivery, eraser, { country: null, ofErased: known });
  }
}

/** Some deliveries carry what must not stay: a contact id and a call id made of the number, and what was noted. */
const dressed = (list: readonly Delivery[], withIds: boolean): Delivery[] =>
  list.map((delivery) => {
    if (delivery.about === 'campaign' || delivery.to?.includes('9876543210') !== true) return delivery;
    const attributes = { phone: '+91 98765 43210', mirror: 'tel:%2B919876543210' };
    if (!withIds) return { ...delivery, attributes };
    const external = { kind: 'external' as const, id: `crm:919876543210:${delivery.aliases[0]?.id}` };
    const contactId = delivery.contactId && `${delivery.contactId}-09876543210`;
    return { ...delivery, attributes, contactId, aliases: [...delivery.aliases, external] };
  });

const sequence = deliveries.chain((list) => fc.record({ list: fc.constant(list), at: fc.nat(list.length) }));

function played(list: readonly Delivery[], at: number): Keeping {
  const store = new Keeping();
  for (const delivery of list.slice(0, at)) store.take(delivery);
  store.erase();
  for (const delivery of list.slice(at)) store.take(delivery);
  return store;
}

/** A report in which a number is shown as it is shown once it was erased. */
function withoutNumber(campaign: MemoryCampaign) {
  const { recentActivity, ...rest } = campaign.report(NOW);
  return {
    ...rest,
    recentActivity: recentActivity.map((call) => ({
      ...call,
      number: call.number === CANARY ? 'erased' : call.number,
    })),
  };
}

describe('an erasure', () => {
  it('anywhere among the events leaves the report as it would be without it, but for the number', () => {
    fc.assert(
      fc.property(sequence, ({ list, at }) => {
        const plain = new MemoryCampaign();
        for (const delivery of list) plain.apply([delivery]);
        const { campaign } = played(dressed(list, false), at);
        expect(campaign.report(NOW)).toEqual(withoutNumber(plain));
        expect(rollupToData(campaign.rollup)).toEqual(campaign.recount());
      }),
      runs,
    );
  });

  it('comes to the same whenever it happens, ids made of the number and all, and the number is nowhere', () => {
    fc.assert(
      fc.property(sequence, ({ list, at }) => {
        const early = played(dressed(list, true), 0);
        const late = played(dressed(list, true), at);
        expect(late.campaign.report(NOW)).toEqual(early.campaign.report(NOW));
        expect(late.campaign.records()).toEqual(early.campaign.records());
        expect(rollupToData(late.campaign.rollup)).toEqual(late.campaign.recount());
        expect(late.text().replace(/[^0-9]/g, '~')).not.toMatch(/9876543210/);
        expect(late.text()).not.toMatch(/98765 43210/);
      }),
      runs,
    );
  });

  it('makes every original that comes again unchanged', () => {
    fc.assert(
      fc.property(sequence, ({ list, at }) => {
        const store = played(dressed(list, true), at);
        const { version } = store.campaign.state;
        for (const delivery of dressed(list, true)) store.take(delivery);
        expect(store.campaign.state.version).toBe(version);
      }),
      runs,
    );
  });
});

describe('a rewritten delivery', () => {
  const spoken = said(
    { call: 'crm-00919876543210-7', to: '919876543210' },
    initiated(minute(0)),
    answered(minute(1)),
    ended(minute(2), { status: 'completed', duration: 60, cause: 'busy +91-98765-43210' }, { digits: '4217' }),
    { type: 'recording', at: minute(3), timing: 'exact', recordingUrl: 'https://x.example/919876543210.mp3' },
    {
      type: 'lead',
      at: minute(4),
      timing: 'exact',
      lead: { status: 'hot', score: 80, reason: 'call 9876543210', summary: 'Asha wants it', by: 'bot' },
    },
  );
  const erased = eraseNumber(spoken, eraser, { country: null, ofErased: false });

  it('keeps what is counted and loses what tells of the person', () => {
    expect(JSON.stringify(erased)).not.toMatch(/98765|Asha|4217|x\.example/);
    expect(erased.to).toBe(token);
    expect(erased.events.map(({ type, at }) => [type, at])).toEqual([
      ['initiated', minute(0)],
      ['answered', minute(1)],
      ['ended', minute(2)],
      ['note', minute(3)],
      ['lead', minute(4)],
    ]);
    expect(erased.events[4]).toMatchObject({ lead: { status: 'hot', score: 80, reason: null, summary: null } });
  });

  it('is left alone the next time, and so is everybody else’s', () => {
    expect(eraseNumber(erased, eraser, { country: null, ofErased: true })).toBe(erased);
    const other = said({ call: 'crm-919876500000', to: '+919876500000' }, initiated(minute(0)));
    expect(eraseNumber(other, eraser, { country: null, ofErased: false })).toBe(other);
  });

  it('is found by the spelling that the campaign’s country makes of it', () => {
    const local = said({ call: 'x', to: '098765 43210' }, initiated(minute(0)));
    expect(eraseNumber(local, eraser, { country: 'IN', ofErased: false }).to).toBe(token);
    const elsewhere = said({ call: 'x', to: '9876543210' }, initiated(minute(0)));
    expect(eraseNumber(elsewhere, eraser, { country: null, ofErased: false })).toBe(elsewhere);
  });

  it('of no number of its own is rewritten with the rest of its call', () => {
    const summary = { ...spoken, aliases: erased.aliases, to: null, events: spoken.events.slice(4) };
    const rewritten = eraseNumber(summary, eraser, { country: null, ofErased: true });
    expect(JSON.stringify(rewritten)).not.toContain('Asha');
    expect(eraseNumber(summary, eraser, { country: null, ofErased: false })).toBe(summary);
  });
});

it('text names an erased number in every usual spelling', () => {
  const named = [
    '+919876543210',
    '919876543210',
    '+91 98765 43210',
    '%2B919876543210',
    '09876543210',
    '(+91) 98765-43210',
  ];
  for (const text of named) expect([text, namesErased(text, eraser)]).toEqual([text, true]);
  for (const text of ['+919876543211', '1919876543210', '2025-08-07 14:00:05']) {
    expect([text, namesErased(text, eraser)]).toEqual([text, false]);
  }
});
