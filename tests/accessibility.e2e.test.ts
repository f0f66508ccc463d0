import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runCampaign, scenarios } from '@ringside/sandbox';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTH_ID, AUTH_TOKEN, KEY, temporaryFolder } from '../packages/server/src/testing/running-server.ts';
import { type ServerProcess, startProcess } from '../packages/server/src/testing/server-process.ts';
import { launchChromium } from './chromium.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = temporaryFolder();
let server: ServerProcess;
let browser: Browser;

beforeAll(async () => {
  server = await startProcess(folder.path);
  browser = await launchChromium();
  await runCampaign({
    url: server.url,
    key: KEY,
    authId: AUTH_ID,
    authTokens: [AUTH_TOKEN],
    campaignId: 'axe',
    name: 'Looked at',
    scenario: { ...scenarios.steady, contacts: 30 },
    seed: 'axe',
    startAt: Date.now() - 2 * 3_600_000,
  });
});
afterAll(async () => {
  await browser?.close();
  server?.child.kill('SIGTERM');
  await server?.ended;
  folder.remove();
});

/** Serious findings of axe, by rule and place. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }> };
    };
    return (await axe.run()).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

async function signIn(context: BrowserContext): Promise<void> {
  const response = await context.request.post(`${server.url}/v1/session`, { data: { key: KEY } });
  expect(response.status()).toBe(204);
}

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  it.each([360, 768, 1440])(
    'no page has a serious accessibility fault at %i px',
    { timeout: 60_000 },
    async (width) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      const page = await context.newPage();
      await page.goto(`${server.url}/sign-in`);
      await page.getByRole('button', { name: /sign in/i }).waitFor();
      expect(await findings(page)).toEqual([]);
      await signIn(context);
      for (const path of ['/', '/campaigns/axe']) {
        await page.goto(server.url + path);
        await page.getByText('Looked at').first().waitFor();
        expect(await findings(page), path).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
      }
      await context.close();
    },
  );
});

/** Presses Tab until the focus is on such an element. */
async function tabTo(page: Page, selector: string): Promise<void> {
  const isThere = () => page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
  for (let presses = 0; presses < 40 && !(await isThere()); presses++) await page.keyboard.press('Tab');
  expect(await isThere(), `the focus reaches ${selector}`).toBe(true);
}

it('signs in and opens a campaign with the keyboard alone', { timeout: 60_000 }, async () => {
  const page = await browser.newPage();
  await page.goto(`${server.url}/sign-in`);
  await page.getByRole('button', { name: /sign in/i }).waitFor();
  await tabTo(page, 'input');
  await page.keyboard.type(KEY);
  await page.keyboard.press('Enter');
  await page.getByText('Looked at').first().waitFor();
  await tabTo(page, 'a[href^="/campaigns/"]');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /Looked at/ }).waitFor();
  expect(page.url()).toContain('/campaigns/axe');
});
