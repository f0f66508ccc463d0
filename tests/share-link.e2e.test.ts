import type { ShareLinkMade } from '@ringside/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hangup, KEY, type TestServer, testServer } from '../packages/server/src/testing/running-server.ts';
import { launchChromium } from './chromium.ts';
import { complaintsOf, focusedText, signIn, tabTo } from './page.ts';

/** Digits of a number that nobody with a link may see. */
const CANARY = '9811042042';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await testServer();
  browser = await launchChromium();
  const told = { attributes: { margin: 'private' }, answerXml: '<Response><Speak>private</Speak></Response>' };
  await server.send('POST', '/v1/campaigns', { id: 'shared', name: 'Shared campaign', totalCalls: 10, ...told });
  await server.send('POST', '/v1/campaigns', { id: 'other', name: 'Other campaign', totalCalls: 10 });
  await call('first');
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function call(id: string): Promise<void> {
  expect((await server.callback('hangup', 'shared', hangup(id, { to: `+91${CANARY}` }, 61))).status).toBe(200);
}

async function makeLink(body: object): Promise<ShareLinkMade> {
  return (await server.send('POST', '/v1/share-links', body)).json();
}

/** Everything that reaches the browser, by whatever way. */
function heardBy(page: Page): string[] {
  const heard: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
  page.on('response', (response) => {
    const isText = /json|event-stream/.test(response.headers()['content-type'] ?? '');
    if (isText)
      void response.text().then(
        (text) => heard.push(text),
        () => {},
      );
  });
  return heard;
}

it('shows a campaign live to whoever has the link: numbers masked, nothing to change', {
  timeout: 60_000,
}, async () => {
  const link = await makeLink({ campaignId: 'shared', name: 'Asha' });
  const page = await browser.newPage();
  const complaints = complaintsOf(page);
  const heard = heardBy(page);
  const answer = await page.goto(link.url);
  expect(answer?.headers()).toMatchObject({ 'x-robots-tag': 'noindex, nofollow', 'referrer-policy': 'no-referrer' });
  await page.getByRole('heading', { name: 'Shared campaign' }).waitFor();
  expect(page.url()).toBe(link.url.split('#')[0]);

  await call('second');
  const body = page.locator('body');
  await expect.poll(() => page.getByRole('row').count()).toBe(3);
  expect(await body.innerText()).toMatch(/shared by link until/);
  expect(await body.innerText()).toMatch(/numbers masked/);
  expect(await body.innerText()).not.toContain(CANARY);
  expect(await page.getByRole('navigation').count()).toBe(0);
  expect(await page.getByRole('link').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Share', exact: true }).count()).toBe(0);

  await page.reload();
  await page.getByRole('heading', { name: 'Shared campaign' }).waitFor();
  expect(heard.join()).toContain('Shared campaign');
  for (const secret of [CANARY, 'private']) expect(heard.join()).not.toContain(secret);
  expect(complaints).toEqual([]);
  await page.close();
});

it('opens nothing else, neither by its own path nor by the usual ones', { timeout: 60_000 }, async () => {
  const link = await makeLink({ campaignId: 'shared' });
  const page = await browser.newPage();
  await page.goto(link.url);
  await page.getByRole('heading', { name: 'Shared campaign' }).waitFor();
  const [cookie] = await page.context().cookies(`${server.url}/s/${link.id}`);
  expect(cookie).toMatchObject({ path: `/s/${link.id}`, httpOnly: true, sameSite: 'Strict' });
  expect(cookie?.expires, 'a reload works for as long as the link does').toBeCloseTo(
    Date.parse(link.expiresAt) / 1000,
    -2,
  );
  const statusOf = (path: string, method = 'GET') =>
    page.evaluate(
      async ([url, verb]) => (await fetch(url as string, { method: verb as string })).status,
      [path, method],
    );
  const below = `/s/${link.id}/v1`;
  expect(await statusOf(`${below}/campaigns/shared/report`)).toBe(200);
  expect(await statusOf('/v1/campaigns/shared/report')).toBe(401);
  expect(await statusOf(`${below}/campaigns/other/report`)).toBe(404);
  expect(await statusOf(`${below}/campaigns/other`)).toBe(404);
  for (const path of ['campaigns', 'overview', 'intake', 'keys', 'share-links', 'audit', 'settings', 'workspaces']) {
    expect(await statusOf(`${below}/${path}`), path).toBe(403);
  }
  for (const path of ['calls', 'calls.csv', 'contacts', 'contacts.csv', 'timeline']) {
    expect(await statusOf(`${below}/campaigns/shared/${path}`), path).toBe(403);
  }
  expect(await statusOf(`${below}/share-links`, 'POST')).toBe(403);
  await page.close();
});

it('shows the overview, whose campaigns lead nowhere', { timeout: 60_000 }, async () => {
  const link = await makeLink({});
  const page = await browser.newPage();
  await page.goto(link.url);
  await page.getByText('Other campaign').waitFor();
  expect(await page.getByRole('link').count()).toBe(0);
  const report = await page.evaluate(
    async (id) => (await fetch(`/s/${id}/v1/campaigns/shared/report`)).status,
    link.id,
  );
  expect(report).toBe(403);
  await page.close();
});

it('closes an open page when it is ended, and says what to do', { timeout: 60_000 }, async () => {
  const link = await makeLink({ campaignId: 'shared' });
  const page = await browser.newPage();
  await page.goto(link.url);
  await page.getByRole('heading', { name: 'Shared campaign' }).waitFor();
  await page.getByText('live', { exact: true }).waitFor();
  expect((await server.send('DELETE', `/v1/share-links/${link.id}`, undefined)).status).toBe(204);
  await page.getByRole('heading', { name: 'This link has ended' }).waitFor();
  expect(await page.locator('body').innerText()).not.toContain('Shared campaign');
  await page.goto(link.url);
  await page.getByRole('heading', { name: 'This link does not open anything' }).waitFor();
  await page.close();
});

it('says so when it is wrong, and opens when the right one is pasted over it', { timeout: 60_000 }, async () => {
  const link = await makeLink({ campaignId: 'shared' });
  const page = await browser.newPage();
  await page.goto(link.url.slice(0, -4));
  await page.getByRole('heading', { name: 'This link does not open anything' }).waitFor();
  expect(page.url()).not.toContain('#');
  await page.evaluate((url) => {
    location.href = url;
  }, link.url);
  await page.getByRole('heading', { name: 'Shared campaign' }).waitFor();
  expect(page.url()).not.toContain('#');
  await page.close();
});

it('is made, copied and ended by keyboard from the campaign’s page', { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  await signIn(context, server.url, KEY);
  const page = await context.newPage();
  await page.goto(`${server.url}/campaigns/other`);
  await page.getByRole('heading', { name: 'Other campaign' }).waitFor();
  await tabTo(page, 'button[aria-haspopup="dialog"]:has(.lucide-share-2)');
  await page.keyboard.press('Enter');
  await page.getByText('None yet.').waitFor();
  await page.keyboard.type('For Ravi');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'The link is ready' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Copied').waitFor();
  const url = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count(), 'what is shown once is not closed by accident').toBe(1);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await focusedText(page)).toBe('Share');

  const guest = await browser.newPage();
  await guest.goto(url);
  await guest.getByRole('heading', { name: 'Other campaign' }).waitFor();
  await guest.getByText('live', { exact: true }).waitFor();

  await page.keyboard.press('Enter');
  await page.getByText('For Ravi', { exact: true }).waitFor();
  await expect.poll(() => page.getByRole('dialog').innerText()).toContain('last opened');
  await tabTo(page, 'section[aria-label="Links"] button');
  await page.keyboard.press('Enter');
  await page.getByText('None yet.').waitFor();
  await guest.getByRole('heading', { name: 'This link has ended' }).waitFor();
  await guest.close();
  await context.close();
});
