import { type Campaign, CampaignCreate, CampaignPatch } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { officeHours } from '../plan/hours-text.ts';
import { createBody, type Draft, draftOf, emptyDraft, idOf, patchBody } from './draft.ts';

const draft: Draft = {
  ...emptyDraft({ timezone: 'Asia/Kolkata', country: 'IN' }),
  name: ' Diwali offer ',
  id: 'diwali-offer',
  callerIds: '+91 80 3573 5659\n+918035735660, +91 80 3573 5659',
  answerUrl: 'https://bot.example/answer',
  pace: { callsPerSecond: '0.5', concurrency: '' },
};

test('what the form makes is what the server takes', () => {
  const body = createBody(draft);
  expect(CampaignCreate.parse(body)).toEqual(body);
  expect(body).toMatchObject({
    id: 'diwali-offer',
    name: 'Diwali offer',
    dialer: 'built-in',
    defaultCountry: 'IN',
    timezone: 'Asia/Kolkata',
    pace: { callsPerSecond: 0.5 },
    dial: { callerIds: ['+91 80 3573 5659', '+918035735660'], answerUrl: 'https://bot.example/answer' },
  });
  expect(body).not.toHaveProperty('answerXml');
  expect(body.windows?.weekly, 'nobody is rung at night by default').toEqual([officeHours]);
  expect(createBody({ ...draft, hours: { ...draft.hours, when: 'any' } })).not.toHaveProperty('windows');
});

test('an answer document goes instead of a URL, hours and a deadline by the campaign’s clock', () => {
  const body = createBody({
    ...draft,
    answer: 'xml',
    hours: { ...draft.hours, when: 'within', windows: [officeHours] },
    deadline: '2026-11-30T18:00',
    callMinutes: '2.5',
  });
  expect(CampaignCreate.parse(body)).toEqual(body);
  expect(body.dial).not.toHaveProperty('answerUrl');
  expect(body).toMatchObject({
    deadline: '2026-11-30T12:30:00.000Z',
    maxCallSeconds: 150,
    windows: { weekly: [{ from: '09:00', to: '20:00' }] },
  });
});

test('a campaign comes back into the fields, and is changed without what is fixed', () => {
  const { id: _id, dialer: _dialer, defaultCountry, ...facts } = createBody(draft);
  const campaign = { ...facts, id: 'diwali-offer', defaultCountry, windows: null, deadline: null, answerXml: null };
  const again = draftOf({ ...campaign, maxCallSeconds: null } as unknown as Campaign, 'UTC');
  expect(again).toMatchObject({ timezone: 'Asia/Kolkata', country: 'IN', answer: 'url', pace: draft.pace });
  const patch = patchBody(again);
  expect(CampaignPatch.parse(patch)).toEqual(patch);
  expect(patch).toMatchObject({ name: 'Diwali offer', dial: { callerIds: ['+91 80 3573 5659', '+918035735660'] } });
});

test.each([
  ['Diwali offer 2026!', 'diwali-offer-2026'],
  ['Café & Söhne', 'cafe-sohne'],
  ['दिवाली', ''],
  ['a'.repeat(80), 'a'.repeat(64)],
])('the name %s makes the id %s', (name, id) => {
  expect(idOf(name)).toBe(id);
});

test('a deadline that is no time is left to the server to refuse', () => {
  const body = createBody({ ...draft, deadline: '12026-11-30T18:00' });
  expect(body.deadline).toBe('12026-11-30T18:00');
  expect(CampaignCreate.safeParse(body).success).toBe(false);
});

test('a deadline that is no instant leaves its field empty', () => {
  const campaign = { ...createBody(draft), windows: null, deadline: 'soon', timezone: 'Foo/Bar' };
  expect(draftOf(campaign as unknown as Campaign, 'UTC')).toMatchObject({ deadline: '', timezone: 'Foo/Bar' });
});
