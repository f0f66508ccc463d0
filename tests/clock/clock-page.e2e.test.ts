import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MovableClock, movableClock } from '../../packages/server/src/testing/movable-clock.ts';
import { hangup, KEY, type TestServer, testServer } from '../../packages/server/src/testing/running-server.ts';
import { launchChromium } from '../chromium.ts';
import { complaintsOf, signIn } from '../page.ts';

const HOUR_MS = 3_600_000;
const patience = { timeout: 15_000 };
const dial = { callerIds: ['+918035735659'], answerUrl: 'https://host.example/answer' };

let clock: MovableClock;
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  clock = movableClock();
  server = await testServer({}, clock);
  browser = await launchChromium();
  await server.send('POST', '/v1/campaigns', { id: 'c', name: 'Under a wrong clock', dialer: 'built-in', dial });
  await server.send('POST', '/v1/campaigns/c/start', {});
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** The page of the campaign, in a browser whose clock is wrong from the beginning. */
async function open(offMs: number): Promise<Page> {
  const context = await browser.newContext();
  await signIn(context, server.url, KEY);
  const page = await context.newPage();
  await page.clock.setSystemTime(Date.now() + offMs);
  await page.goto(`${server.url}/campaigns/c`);
  await page.getByRole('heading', { name: 'Under a wrong clock' }).waitFor();
  return page;
}

const text = (page: Page) => page.locator('body').innerText();
const command = async (name: string): Promise<void> => {
  expect((await server.send('POST', `/v1/campaigns/c/${name}`, {})).status).toBe(200);
};

it.each([2 * HOUR_MS, -2 * HOUR_MS])('a browser whose clock is %i ms off shows what the server says', async (off) => {
  const page = await open(off);
  const complaints = complaintsOf(page);
  expect((await server.callback('hangup', 'c', hangup(`call ${off}`))).status).toBe(200);
  // What came a moment ago is shown so, and the page stays live when its clock is set once more.
  await expect.poll(() => text(page), patience).toMatch(/last callback (now|\d+ s ago)/);
  await page.clock.setSystemTime(Date.now() - off);
  await command('pause');
  await expect.poll(() => text(page), patience).toMatch(/Paused by/);
  expect(await page.getByRole('status').first().innerText()).toBe('live');
  await page.clock.setSystemTime(Date.now() + off);
  await command('resume');
  await expect.poll(() => text(page), patience).not.toMatch(/Paused by/);
  expect(await text(page)).toMatch(/last callback (now|\d+ s ago)/);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('a page shows a pause at once though the clock of its server was set', async () => {
  const page = await open(0);
  for (const step of [-2 * HOUR_MS, 4 * HOUR_MS, -2 * HOUR_MS]) {
    clock.step(step);
    await command('pause');
    await expect.poll(() => text(page), patience).toMatch(/Paused by/);
    await command('resume');
    await expect.poll(() => text(page), patience).not.toMatch(/Paused by/);
  }
  expect(await page.getByRole('status').first().innerText()).toBe('live');
  await page.context().close();
});
