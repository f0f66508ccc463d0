import { type CallApi, scenarios, startCallApi } from '@ringside/sandbox';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  AUTH_ID,
  AUTH_TOKEN,
  KEY,
  type TestServer,
  testServer,
} from '../packages/server/src/testing/running-server.ts';
import { launchChromium } from './chromium.ts';
import { complaintsOf, focusedText, signIn, tabTo } from './page.ts';

/** A page and what it shows come within seconds, also on a busy machine. */
const SOON = { timeout: 20_000 };

let provider: CallApi;
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  const accounts = [{ authId: AUTH_ID, authTokens: [AUTH_TOKEN] }];
  provider = await startCallApi({ accounts, scenario: scenarios.steady, speed: 20 });
  server = await testServer({ PLIVO_API_URL: provider.url });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await provider?.close();
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await signIn(context, server.url, KEY);
  page = await context.newPage();
  complaints = complaintsOf(page);
});
afterEach(() => context.close());

const dial = { callerIds: ['+918035735659'] };
const answerXml = '<Response><Hangup/></Response>';

async function make(id: string, changes: object = {}): Promise<void> {
  const about = { id, name: `Campaign ${id}`, dialer: 'built-in', dial, answerXml, defaultCountry: 'IN' };
  expect((await server.send('POST', '/v1/campaigns', { ...about, ...changes })).status).toBe(201);
}

/** Chooses a file as somebody would, and waits until the server said what would become of it. */
async function chooseFile(name: string, mimeType: string, text: string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer: Buffer.from(text) });
}

const dialogOf = () => page.getByRole('dialog');
const timeline = async (id: string): Promise<{ kind: string; reason: string | null; changes: unknown }[]> =>
  ((await (await server.get(`/v1/campaigns/${id}/timeline`)).json()) as { items: [] }).items;

it('makes a campaign, gives it contacts, starts, pauses, resumes and cancels it', { timeout: 120_000 }, async () => {
  await page.goto(server.url);
  await page.getByRole('link', { name: 'New campaign' }).click();
  await page.getByLabel('Name').fill('Diwali offer 2026');
  expect(await page.getByLabel('Id', { exact: true }).inputValue()).toBe('diwali-offer-2026');
  await page.getByLabel('Country of numbers without one').selectOption('IN');
  await page.getByLabel('Caller ids').fill('+91 80 3573 5659\n+918035735660');
  await page.getByLabel(/Plivo XML/).check();
  // One call every twenty seconds, so that there is something left to pause and to cancel.
  await page.getByLabel('Calls per second').fill('0.05');
  await page.getByLabel('At any time').check();
  await page.getByRole('button', { name: 'Make the draft and go on' }).click();

  await page.getByText('Nobody is on its list yet').waitFor();
  const rows = [
    'Phone,Customer ID,City',
    '98765 40001,1,Pune',
    '9876540002,2,Pune',
    'none,3,Pune',
    '98765 40001,4,Pune',
  ];
  await chooseFile('november.csv', 'text/csv', [...rows, '+91 98765 40005,5,Pune'].join('\n'));
  await page.getByText('3 of 5 rows become contacts; 2 will be skipped.').waitFor();
  await expect.poll(() => page.getByLabel('Skipped rows').innerText()).toMatch(/line 4.*line 5/s);
  expect(await page.getByLabel('Customer ID').inputValue()).toBe('contactId');
  await page.getByLabel('City').selectOption('-');
  await page.getByText('3 of 5 rows become contacts').waitFor();
  await expect.poll(() => page.getByLabel('City').inputValue()).toBe('-');
  await page.getByRole('button', { name: 'Add 3 contacts' }).click();
  await page.getByText('3 contacts added.').waitFor();
  await page.getByRole('button', { name: 'Review' }).click();

  await page.getByText('0.05 calls a second').waitFor();
  await page.getByText(/3 contacts to be called/).waitFor();
  await page.getByRole('button', { name: 'Start dialing' }).click();
  await page.getByRole('heading', { name: 'Diwali offer 2026' }).waitFor();
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await expect.poll(() => provider.placed.length, SOON).toBe(1);

  await tabTo(page, 'button[aria-haspopup=dialog]');
  expect(await focusedText(page)).toBe('Pause');
  await page.keyboard.press('Enter');
  await dialogOf().getByText('No new call is placed').waitFor();
  await page.keyboard.press('ArrowDown');
  await tabTo(page, 'input[maxlength]');
  await page.keyboard.type('another script');
  await dialogOf()
    .getByText(/No new call is placed until \d/)
    .waitFor();
  await page.keyboard.press('Enter');
  await dialogOf().waitFor({ state: 'detached' });
  const strip = page.getByLabel('What holds the campaign up');
  await expect.poll(() => strip.innerText(), SOON).toMatch(/another script.*Resumes by itself at .*, in 15 min\./s);
  const [paused] = (await timeline('diwali-offer-2026')).filter(({ kind }) => kind === 'paused');
  expect(paused).toMatchObject({ reason: 'another script', changes: { until: expect.any(String) } });

  await page.getByRole('banner').or(page.locator('header')).getByRole('button', { name: 'Resume' }).click(SOON);
  await page.getByRole('button', { name: 'Resume dialing' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor(SOON);

  await page.getByRole('button', { name: 'More about this campaign' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  expect(await focusedText(page)).toBe('Cancel the campaign…');
  await page.keyboard.press('Enter');
  await dialogOf()
    .getByText(/will not be called any more/)
    .waitFor();
  await page.getByRole('button', { name: 'Cancel the campaign', exact: true }).click();
  await dialogOf().getByText('A cancelled campaign cannot be resumed.').waitFor();
  expect(await focusedText(page), 'the harmless answer comes first').toBe('Keep it');
  await page.getByRole('button', { name: 'Yes, cancel “Diwali offer 2026”' }).click();
  await page.getByRole('main').getByText('cancelled', { exact: true }).waitFor(SOON);
  expect((await server.report('diwali-offer-2026')).phase).toBe('cancelled');
  // At that pace two of the three were still to be called.
  expect(provider.placed.length).toBeLessThan(3);
  expect(complaints).toEqual([]);
});

it('a draft says what is missing, and takes contacts on its page', { timeout: 60_000 }, async () => {
  await make('drafted');
  await page.goto(`${server.url}/campaigns/drafted`);
  await page.getByText('Contacts are missing').waitFor();
  await chooseFile('list.ndjson', 'application/x-ndjson', '{"number":"9876540010","city":"Pune"}\n');
  await page.getByRole('button', { name: 'Add 1 contact', exact: true }).click();
  await page.getByText('1 contact on the list').waitFor(SOON);
});

it('changes pace and hours while it runs, and tells of both in the history', { timeout: 60_000 }, async () => {
  await make('changed');
  await server.send('POST', '/v1/campaigns/changed/start', {});
  await page.goto(`${server.url}/campaigns/changed`);
  const openItem = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'More about this campaign' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await openItem('Change pace…');
  await page.getByLabel('Calls per second').fill('1.5');
  await page.getByRole('button', { name: 'Change the pace' }).click();
  await dialogOf().waitFor({ state: 'detached' });
  await page.getByText('1.5 / s').waitFor(SOON);

  await openItem('Calling hours…');
  await page.getByLabel('Only within these hours').check();
  await page.getByRole('button', { name: 'Sat', exact: true }).click();
  await page.getByRole('button', { name: 'Change the hours' }).click();
  await dialogOf().waitFor({ state: 'detached' });
  const campaign = await (await server.get('/v1/campaigns/changed')).json();
  expect(campaign).toMatchObject({
    pace: { callsPerSecond: 1.5 },
    windows: { weekly: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '20:00' }] },
  });

  await openItem('History');
  await expect.poll(() => dialogOf().innerText()).toMatch(/calling hours.*pace 1.5 \/ s.*Started/s);
  await page.keyboard.press('Escape');
  await dialogOf().waitFor({ state: 'detached' });
});

it('an external dialer that nobody can reach is not told as paused', { timeout: 60_000 }, async () => {
  await server.send('POST', '/v1/campaigns', { id: 'external', name: 'Own dialer', totalCalls: 10 });
  const event = { type: 'campaign', campaignId: 'external', change: 'started', at: new Date().toISOString() };
  expect((await server.send('POST', '/v1/events', { events: [event] })).status).toBe(200);
  await page.goto(`${server.url}/campaigns/external`);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await dialogOf().getByRole('button', { name: 'Pause', exact: true }).click();
  await dialogOf()
    .getByRole('alert')
    .getByText(/webhook/i)
    .waitFor();
  await dialogOf().getByRole('link', { name: 'Set up the control webhook' }).click();

  await page.getByRole('button', { name: 'Set it up' }).click();
  // Nobody listens there.
  await page.getByLabel('URL of your dialer').fill('http://127.0.0.1:9/');
  await page.getByLabel('Waits for an answer, seconds').fill('5');
  await dialogOf().getByRole('button', { name: 'Set it up' }).click();
  await page.getByLabel('Secret', { exact: true }).waitFor();
  expect(await page.getByLabel('Secret', { exact: true }).inputValue()).not.toBe('');
  await page.getByRole('button', { name: 'I have stored it' }).click();

  await page.goto(`${server.url}/campaigns/external`);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await dialogOf().getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByText(/Pause asked .*, not confirmed yet\./).waitFor(SOON);
  expect((await server.report('external')).phase).not.toBe('paused');
  await page.getByText(/Pause asked .*, not confirmed\./).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Ask again' }).waitFor();
});

it('shows no control to who may only look', { timeout: 60_000 }, async () => {
  await make('looked-at');
  const { key } = await (await server.send('POST', '/v1/keys', { name: 'Viewer', role: 'viewer' })).json();
  const { url } = await (await server.send('POST', '/v1/share-links', { campaignId: 'looked-at' })).json();
  const other = await browser.newContext();
  await signIn(other, server.url, key);
  for (const address of [`${server.url}/campaigns/looked-at`, url]) {
    const shown = await other.newPage();
    await shown.goto(address);
    await shown.getByRole('heading', { name: 'Campaign looked-at' }).waitFor();
    await shown.getByText('Contacts are missing').waitFor();
    for (const name of ['Start', 'More about this campaign', 'New campaign'])
      expect(await shown.getByRole('button', { name, exact: true }).count(), `${name} at ${address}`).toBe(0);
    expect(await shown.locator('input[type=file]').count()).toBe(0);
  }
  await other.close();
});

it('looks after the do-not-call list', { timeout: 60_000 }, async () => {
  await page.goto(`${server.url}/settings/do-not-call`);
  await page.getByText('No number is on the list.').waitFor();
  await page.getByRole('button', { name: 'Add numbers' }).click();
  await page.getByRole('textbox', { name: 'Numbers' }).fill('+91 98765 40100');
  await page.getByLabel('Reason (optional)').fill('asked for it');
  await page.getByRole('button', { name: 'Add them' }).click();
  await page.getByText('+919876540100').first().waitFor();
  await page.getByRole('button', { name: 'Upload a file' }).click();
  await chooseFile('never.csv', 'text/csv', 'phone\n+919876540101\nnonsense\n');
  await dialogOf().getByText('1 number added.').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('+919876540101').first().waitFor();
  await page.getByRole('button', { name: 'Remove +919876540100' }).click();
  await page.getByRole('button', { name: 'It may be called' }).click();
  await page.getByText('+919876540100').first().waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

/** A campaign with two contacts, of which the first is called at once. */
async function startWith(id: string, number: string): Promise<void> {
  await make(id, { pace: { callsPerSecond: 0.05 } });
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'text/csv' };
  const body = `phone\n${number}\n+919876540299\n`;
  const path = `${server.url}/v1/campaigns/${id}/contacts`;
  expect((await fetch(path, { method: 'POST', headers, body })).status).toBe(200);
  expect((await server.send('POST', `/v1/campaigns/${id}/start`, {})).status).toBe(200);
}

it('lists an attempt that nobody can prove, and takes a person’s word', { timeout: 60_000 }, async () => {
  provider.faults.next('fail-before');
  await startWith('doubted', '+919876540201');
  await page.goto(`${server.url}/campaigns/doubted`);
  const panel = page.locator('#doubtful');
  await panel.getByText('+919876540201').waitFor(SOON);
  expect(await panel.locator('time').count(), 'with its evidence').toBeGreaterThan(0);
  await panel.getByRole('button', { name: 'It was not' }).first().click();
  await dialogOf().getByText('this person is called twice').waitFor();
  await page.getByLabel('How do you know?').fill('The console has no such call.');
  await page.getByRole('button', { name: 'It was not: it may be called again' }).click();
  await dialogOf().waitFor({ state: 'detached' });
  await expect.poll(() => panel.getByText('+919876540201').count(), SOON).toBe(0);
  await server.send('POST', '/v1/campaigns/doubted/cancel', {});
});

it('says first why it does not dial, and leads to what helps', { timeout: 60_000 }, async () => {
  provider.faults.next('payment-required', 100);
  await startWith('unpaid', '+919876540202');
  await page.goto(`${server.url}/campaigns/unpaid`);
  const first = page.getByLabel('What holds the campaign up').getByRole('listitem').first();
  await expect.poll(() => first.innerText(), { timeout: 40_000 }).toMatch(/Needs you:.*credit/s);
  await first.getByRole('link', { name: 'Account settings' }).click();
  await page.getByRole('heading', { name: 'Provider accounts' }).waitFor();
  await page.goto(server.url);
  await page.getByRole('cell', { name: /^out of credits/ }).waitFor(SOON);
});
