import { runCampaign, scenarios } from '@ringside/sandbox';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AUTH_ID,
  AUTH_TOKEN,
  hangup,
  KEY,
  sendCallback,
  temporaryFolder,
} from '../packages/server/src/testing/running-server.ts';
import { type ServerProcess, startProcess } from '../packages/server/src/testing/server-process.ts';
import { launchChromium } from './chromium.ts';
import { complaintsOf } from './page.ts';

const folder = temporaryFolder();
let server: ServerProcess;
let signInUrl: string;
let browser: Browser;

beforeAll(async () => {
  server = await startProcess(folder.path);
  signInUrl = server.signInUrl;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  server?.child.kill('SIGTERM');
  await server?.ended;
  folder.remove();
});

it('shows a campaign as it runs, without a reload', { timeout: 90_000 }, async () => {
  const campaignId = 'e2e';
  await runCampaign({
    url: server.url,
    key: KEY,
    authId: AUTH_ID,
    authTokens: [AUTH_TOKEN],
    campaignId,
    name: 'Watched campaign',
    scenario: { ...scenarios.steady, contacts: 40 },
    seed: 'e2e',
    startAt: Date.now() - 2 * 3_600_000,
  });
  const page = await browser.newPage();
  const complaints = complaintsOf(page);
  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });

  await page.goto(signInUrl);
  await page.getByRole('link', { name: /Watched campaign/ }).click();
  await page.getByRole('heading', { name: /Watched campaign/ }).waitFor();
  expect(page.url()).not.toContain('token');

  const report = await (
    await fetch(`${server.url}/v1/campaigns/${campaignId}/report`, { headers: { authorization: `Bearer ${KEY}` } })
  ).json();
  const reached: number = report.progress.completedCalls;
  const body = page.locator('body');
  await expect.poll(() => body.innerText()).toContain(String(reached));
  const loadsBefore = loads;

  for (let i = 1; i <= 3; i++) {
    const form = hangup(`fresh-${i}`, { to: `+91981100000${i}` }, 61);
    expect((await sendCallback(server.url, 'hangup', campaignId, form)).status).toBe(200);
    // The number that the manager looks at, and the call itself in the feed.
    await expect.poll(() => body.innerText(), { timeout: 5_000 }).toContain(String(reached + i));
    await expect.poll(() => body.innerText(), { timeout: 5_000 }).toMatch(new RegExp(`0000${i}`));
  }
  expect(loads).toBe(loadsBefore);
  expect(complaints).toEqual([]);
});

it('uses the printed link up', async () => {
  const page = await browser.newPage();
  await page.goto(signInUrl);
  await expect.poll(() => page.locator('body').innerText()).toMatch(/sign in/i);
  expect(await page.evaluate(async () => (await fetch('/v1/session')).status)).toBe(401);
});
