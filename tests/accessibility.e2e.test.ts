import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEY } from '../packages/server/src/testing/running-server.ts';
import { type EveryPage, lookAtAll, openEveryPage } from './every-page.ts';
import { tabTo } from './page.ts';

let everyPage: EveryPage;
beforeAll(async () => {
  everyPage = await openEveryPage();
});
afterAll(() => everyPage?.close());

it('no page or dialog has a serious accessibility fault', { timeout: 240_000 }, () =>
  lookAtAll(everyPage, { colorScheme: 'light', width: 1440 }, { colorScheme: 'dark', width: 360 }),
);

it('signs in and opens a campaign with the keyboard alone', { timeout: 60_000 }, async () => {
  const { browser, server } = everyPage;
  const page = await browser.newPage();
  await page.goto(`${server.url}/sign-in`);
  await page.getByRole('button', { name: /sign in/i }).waitFor();
  await tabTo(page, 'input');
  await page.keyboard.type(KEY);
  await page.keyboard.press('Enter');
  await page.getByText('Looked at').first().waitFor();
  await tabTo(page, 'a[href="/campaigns/axe"]');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /Looked at/ }).waitFor();
  expect(page.url()).toContain('/campaigns/axe');
});
