import { describe, expect, it } from 'vitest';
import { contactState, retryDueAt } from './contact.ts';
import { MemoryCampaign } from './memory-campaign.ts';
import { change, ended, initiated, minute, registered, said } from './testing/said.ts';

const missed = { status: 'no-answer', code: 3000, duration: 0 } as const;
const about = (call: string) => ({ call, to: '+919876543210' });

describe('a contact of which a call ended before it began, by its own clocks', () => {
  const first = said(about('1'), initiated(minute(1)), ended(minute(2), missed, { retryDueAt: minute(5) }));
  // The clock of its end is that of another zone.
  const second = said(about('2'), initiated(minute(5)), ended(minute(-25), missed));

  it.each([
    ['in order', [first, second]],
    ['in another order', [second, first]],
  ])('does not wait for the retry that this call was, told %s', (_how, deliveries) => {
    for (const dialer of ['built-in', 'external'] as const) {
      const campaign = new MemoryCampaign();
      campaign.apply([registered(minute(0), { totalCalls: 1, dialer }), change(minute(0), 'started'), ...deliveries]);
      const [contact] = campaign.contacts();
      expect(contact && [contactState(contact), retryDueAt(contact)]).toEqual(['open', null]);
      const { progress, phase } = campaign.report(minute(60));
      expect(progress.ledger).toMatchObject({ waitingRetry: 0, unreached: 1 });
      // What Ringside dials is ended by its dialer, once nothing is left.
      expect(phase).toBe(dialer === 'built-in' ? 'finishing' : 'completed');
    }
  });

  it('is over when its last call was placed, where that is later than its end', () => {
    const campaign = new MemoryCampaign();
    const retry = { maxAttempts: 3, delaySeconds: 600 };
    campaign.apply([registered(minute(0), { totalCalls: 1, retry }), first, second]);
    const until = campaign.report(minute(6)).blockers[0]?.until;
    expect(until).toBe(new Date(minute(15)).toISOString().replace('.000Z', 'Z'));
  });
});
