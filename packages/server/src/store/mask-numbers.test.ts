import type { Contact } from '@ringside/protocol';
import { expect, it } from 'vitest';
import { maskContact } from './mask-numbers.ts';

function shown(attribute: string | number, changes: Partial<Contact> = {}) {
  const contact: Contact = {
    contactId: null,
    number: '+919812345678',
    attributes: { a: attribute },
    state: 'reached',
    attempts: 1,
    lastOutcome: 'completed',
    lastEndTime: null,
    leadStatus: null,
    nextRetryAt: null,
    ...changes,
  };
  return maskContact(contact);
}

it.each([
  ['+919812345678', '+9198•••••678'],
  ['98123 45678', '9812•••678'],
  ['(981) 234-5678', '(9812•••678'],
  ['2345678', '2345•••678'],
  ['ring +44 20 7946 0001 or 98123.45678', 'ring +4420•••••001 or 9812•••678'],
  [9_812_345_678, '9812•••678'],
])('hides the number in %s', (given, expected) => {
  expect(shown(given).attributes.a).toBe(expected);
});

it.each(['2025-08-07', '14:30', 'Pune 411001', 'order 12-34', 42, 1.5, ''])('leaves %s as it is', (given) => {
  expect(shown(given).attributes.a).toBe(given);
});

it('hides the own number inside an id, and no other id', () => {
  expect(shown('', { contactId: 'crm-9812345678' }).contactId).toBe('crm-9812•••678');
  expect(shown('', { contactId: 'crm-1234567890' }).contactId).toBe('crm-1234567890');
});

it('has nothing to hide where there is nothing', () => {
  expect(shown('', { number: null, contactId: 'crm-9812345678' })).toMatchObject({
    number: null,
    contactId: 'crm-9812345678',
  });
});

it('takes no time over a long text', () => {
  const begun = performance.now();
  shown(`${'1 '.repeat(250)}x${'1-'.repeat(100)}${'('.repeat(100)}`);
  expect(performance.now() - begun).toBeLessThan(100);
});
