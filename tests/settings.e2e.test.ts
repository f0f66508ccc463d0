import type { ApiKeyMade } from '@ringside/protocol';
import { SignJWT } from 'jose';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hangup, KEY, type TestServer, testServer } from '../packages/server/src/testing/running-server.ts';
import { launchChromium } from './chromium.ts';
import { complaintsOf, focusedText, signIn, tabTo } from './page.ts';

const JWT_SECRET = 'a secret of the host application, long enough';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await testServer({ JWT_SECRET });
  browser = await launchChromium();
  await server.send('POST', '/v1/campaigns', { id: 'c', name: 'A campaign', totalCalls: 10 });
  await server.callback('hangup', 'c', hangup('one', { to: '+919811042042' }, 61));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function makeKey(body: object): Promise<ApiKeyMade> {
  return (await server.send('POST', '/v1/keys', body)).json();
}

async function statusWith(key: string, path: string): Promise<number> {
  return (await server.get(path, { authorization: `Bearer ${key}` })).status;
}

/** A page of somebody who is signed in. */
async function pageOf(key: string, path: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext();
  await signIn(context, server.url, key);
  const page = await context.newPage();
  await page.goto(server.url + path);
  return { context, page };
}

/** Goes on with Tab until a button with such words has the focus, and presses it. */
async function pressByKeyboard(page: Page, words: string): Promise<void> {
  for (let presses = 0; presses < 60 && !(await focusedText(page)).startsWith(words); presses++)
    await page.keyboard.press('Tab');
  expect(await focusedText(page)).toMatch(new RegExp(`^${words}`));
  await page.keyboard.press('Enter');
}

it('makes, rotates and revokes a key by keyboard', { timeout: 60_000 }, async () => {
  const { context, page } = await pageOf(KEY, '/settings');
  const complaints = complaintsOf(page);
  await page.getByRole('heading', { name: 'Keys' }).waitFor();
  await pressByKeyboard(page, 'New key');
  await page.keyboard.type('Night dialer');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /is ready/ }).waitFor();
  const made = await page.getByLabel('Key', { exact: true }).inputValue();
  expect(await statusWith(made, '/v1/campaigns')).toBe(200);
  expect(await statusWith(made, '/v1/keys'), 'it is an operator’s').toBe(403);
  await pressByKeyboard(page, 'I have stored it');
  expect(await focusedText(page)).toBe('New key');
  expect(await page.locator('body').innerText()).not.toContain(made);

  await pressByKeyboard(page, 'Rotate Night dialer');
  await page.keyboard.press('Tab');
  await pressByKeyboard(page, 'Make the next key');
  await page.getByRole('heading', { name: /is ready/ }).waitFor();
  const next = await page.getByLabel('Key', { exact: true }).inputValue();
  expect(next).not.toBe(made);
  expect([await statusWith(made, '/v1/campaigns'), await statusWith(next, '/v1/campaigns')]).toEqual([200, 200]);
  await pressByKeyboard(page, 'I have stored it');

  await page.getByRole('button', { name: 'Revoke Night dialer' }).last().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  expect(await page.getByRole('dialog').innerText()).toContain('Within a second whatever uses it is shut out');
  expect(await focusedText(page), 'the harmless answer comes first').toBe('Keep it');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => statusWith(next, '/v1/campaigns')).toBe(401);
  expect(complaints).toEqual([]);
  await context.close();
});

it('says in the server’s words why the last admin key stays', { timeout: 60_000 }, async () => {
  const { context, page } = await pageOf(KEY, '/settings/keys');
  await page.getByRole('button', { name: 'Revoke RINGSIDE_ADMIN_KEY' }).click();
  await page.getByRole('button', { name: 'Revoke the key' }).click();
  await page.getByText('It is the last key with the role admin. Make another one first.').waitFor();
  await context.close();
});

it('takes a provider account through a rotation of its token', { timeout: 60_000 }, async () => {
  const { context, page } = await pageOf(KEY, '/settings/accounts');
  await page.getByText(`${server.url}/w/default/plivo/hangup-url`).waitFor();
  await pressByKeyboard(page, 'Add account');
  await page.keyboard.type('MAROTATED');
  await page.keyboard.press('Tab');
  await page.keyboard.type('the-first-token-1111');
  await page.keyboard.press('Enter');
  await page.getByText('…1111').waitFor();
  await pressByKeyboard(page, 'Add a token to MAROTATED');
  await page.keyboard.type('the-second-token-2222');
  await page.keyboard.press('Enter');
  await page.getByText('…2222').waitFor();
  await page.getByText('still accepted').waitFor();
  await pressByKeyboard(page, 'Drop old tokens of MAROTATED');
  await pressByKeyboard(page, 'Drop them');
  await page.getByText('…1111').waitFor({ state: 'detached' });
  await pressByKeyboard(page, 'Remove MAROTATED');
  await pressByKeyboard(page, 'Remove the account');
  await page.getByText('MAROTATED').first().waitFor({ state: 'detached' });
  await context.close();
});

it('makes a workspace, whose admin names it and sees no other', { timeout: 60_000 }, async () => {
  const { context, page } = await pageOf(KEY, '/settings/workspaces');
  await page.getByRole('heading', { name: 'Workspaces' }).waitFor();
  await pressByKeyboard(page, 'New workspace');
  await page.keyboard.type('acme');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Keys acme' }).click();
  await page.getByText('No key works in this workspace.').waitFor();
  await context.close();

  const { key } = await makeKey({ name: 'Acme admin', role: 'admin', workspace: 'acme' });
  const own = await pageOf(key, '/settings/workspaces');
  await own.page.getByRole('heading', { name: 'Workspace', exact: true }).waitFor();
  expect(await own.page.getByLabel(/Requests/).count()).toBe(0);
  await own.page.getByLabel('Name').fill('Acme Clinics');
  await own.page.getByLabel('Time zone').selectOption('Asia/Kolkata');
  await pressByKeyboard(own.page, 'Save');
  await own.page.getByText('Saved').waitFor();
  await own.page.getByRole('link', { name: 'Campaigns' }).click();
  await own.page.getByText('Acme Clinics').waitFor();
  expect(await own.page.locator('body').innerText()).not.toContain('A campaign');
  await own.context.close();
});

it('shows what was changed, page after page, by kind, and as a file', { timeout: 60_000 }, async () => {
  for (let i = 0; i < 60; i++) await server.send('PATCH', '/v1/workspaces/default', { name: `Name ${i}` });
  const { context, page } = await pageOf(KEY, '/settings/audit');
  const rows = page.getByRole('list', { name: 'Changes' }).getByRole('listitem');
  await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(50);
  await page.mouse.wheel(0, 100_000);
  await expect.poll(() => rows.count()).toBeGreaterThan(60);
  await page.locator('summary').first().click();
  expect(await page.locator('details[open]').innerText()).toMatch(/Name 58.*→.*Name 59/s);
  await page.getByLabel('Show').selectOption('key');
  await page.getByText('key.created').first().waitFor();
  expect(await page.locator('body').innerText()).not.toContain('workspace.changed');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /CSV/ }).click();
  expect((await download).suggestedFilename()).toBe('audit.csv');
  await context.close();
});

it('follows a key’s rights while the page is open: masked, whole, and out', { timeout: 60_000 }, async () => {
  const made = await makeKey({ name: 'Promoted', role: 'viewer' });
  const { context, page } = await pageOf(made.key, '/campaigns/c');
  const body = page.locator('body');
  await page.getByText('numbers masked').waitFor();
  expect(await body.innerText()).not.toContain('9811042042');
  expect(await page.getByRole('button', { name: 'Share', exact: true }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0);

  await server.send('PATCH', `/v1/keys/${made.id}`, { role: 'operator' });
  await expect.poll(() => body.innerText()).toContain('9811042042');
  await page.getByRole('button', { name: 'Share', exact: true }).waitFor();
  expect(await page.getByText('numbers masked').count()).toBe(0);

  await server.send('DELETE', `/v1/keys/${made.id}`, undefined);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await body.innerText()).not.toContain('9811042042');
  await context.close();
});

it('tells who may not change settings whom to ask', { timeout: 60_000 }, async () => {
  const { key } = await makeKey({ name: 'Looks only', role: 'viewer' });
  const { context, page } = await pageOf(key, '/settings/keys');
  await page.getByRole('heading', { name: 'Settings are for admins' }).waitFor();
  await context.close();
});

it('lets people of the host application in by its link', { timeout: 60_000 }, async () => {
  const login = (seconds: number) =>
    new SignJWT({ clientId: 'default', role: 'operator' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('asha')
      .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
      .sign(new TextEncoder().encode(JWT_SECRET));
  const page = await browser.newPage();
  await page.goto(`${server.url}/sign-in?next=/campaigns/c#jwt=${await login(600)}`);
  await page.getByRole('heading', { name: 'A campaign' }).waitFor();
  expect(page.url()).toBe(`${server.url}/campaigns/c`);
  await page.context().clearCookies();
  await page.goto(`${server.url}/sign-in#jwt=${await login(-600)}`);
  await page.getByText(/The token has expired. Go back to the application/).waitFor();
  expect(page.url()).toBe(`${server.url}/sign-in`);
  await tabTo(page, 'input');
  await page.close();
});
