import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hangup, KEY, type TestServer, testServer } from '../packages/server/src/testing/running-server.ts';
import { launchChromium } from './chromium.ts';
import { signIn } from './page.ts';

/** Each of them runs `hit()` where it is taken for more than text. */
const CORPUS = [
  '<script>hit()</script>',
  '</script><script>hit()</script>',
  '"><script>hit()</script>',
  '\'"><img src=x onerror=hit()>',
  '<img src=x onerror="hit()">',
  '<svg onload=hit()>',
  '<svg><animate onbegin=hit() attributeName=x dur=1s>',
  '<iframe srcdoc="<script>parent.hit()</script>"></iframe>',
  '<details open ontoggle=hit()>x</details>',
  '<input autofocus onfocus=hit()>',
  '<a href="javascript:hit()">x</a>',
  'javascript:hit()',
  'data:text/html,<script>hit()</script>',
  '" onmouseover="hit()" x="',
  '<math><mtext><table><mglyph><style><img src=x onerror=hit()>',
  '<style>@import "javascript:hit()";</style>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=javascript:hit()">',
  '{{constructor.constructor("hit()")()}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is text
  '${hit()}',
  '<!--><script>hit()</script>-->',
  '\u202e<script>hit()</script>',
  '&lt;script&gt;hit()&lt;/script&gt;',
  '__proto__',
] as const;

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await testServer();
  browser = await launchChromium();
  for (const [index, text] of CORPUS.entries()) await plant(index, text);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Puts a text wherever somebody may write one. */
async function plant(index: number, text: string): Promise<void> {
  const name = text.slice(0, 120);
  const campaign = { id: `c-${index}`, name, totalCalls: 10, attributes: { note: text }, answerXml: text };
  await made('/v1/campaigns', campaign);
  await made('/v1/keys', { name, role: 'viewer' });
  await made('/v1/share-links', { name, campaignId: campaign.id });
  await made('/v1/workspaces', { id: `w-${index}`, name });
  await made('/v1/provider-accounts', { authId: `MA${1000 + index}`, name, token: `a-token-${index}` });
  const at = new Date(Date.now() - 60_000).toISOString();
  const call = { campaignId: 'c-0', callId: `call-${index}`, at };
  const ended = { ...call, type: 'ended', status: 'failed', hangupCause: name, hangupSource: name };
  const lead = { ...call, type: 'lead', leadStatus: 'hot', reason: text, summary: text };
  await made('/v1/events', { events: [{ ...call, type: 'initiated', attributes: { note: text } }, ended, lead] }, 200);
  const form = { ...hangup(`plivo-${index}`), HangupCauseName: text, HangupSource: text };
  expect((await server.callback('hangup', `c-${index}`, form)).status).toBe(200);
}

async function made(path: string, body: unknown, status = 201): Promise<void> {
  const response = await server.send('POST', path, body);
  expect(`${path} ${response.status} ${response.status === status ? '' : await response.text()}`).toBe(
    `${path} ${status} `,
  );
}

/** A page that tells when a text was run, or when the content security policy had to stop one. */
async function watched(context: BrowserContext): Promise<{ page: Page; hits: string[] }> {
  const page = await context.newPage();
  const hits: string[] = [];
  await page.exposeFunction('hit', () => hits.push(`run on ${page.url()}`));
  await page.exposeFunction('stopped', (what: string) => hits.push(`stopped on ${page.url()}: ${what}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      (globalThis as unknown as { stopped(what: string): void }).stopped(
        `${violatedDirective} ${blockedURI} ${sample}`,
      );
    });
  });
  page.on('dialog', (dialog) => {
    hits.push(`dialog on ${page.url()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', ({ message }) => hits.push(message));
  return { page, hits };
}

/** Makes what unfolds, opens and explains show its texts. */
async function stir(page: Page): Promise<void> {
  for (const summary of await page.locator('summary').all()) await summary.click();
  for (const name of [/^Share$/, /^Revoke/, /^Rotate/, /^Remove/, /^Change/, /^Close /]) {
    const button = page.getByRole('button', { name }).last();
    if ((await button.count()) === 0) continue;
    await button.click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
}

it('takes hostile text for text on every page', { timeout: 120_000 }, async () => {
  const context = await browser.newContext();
  await signIn(context, server.url, KEY);
  const { page, hits } = await watched(context);
  await page.goto(`${server.url}/sign-in`);
  expect(await page.evaluate(() => typeof (globalThis as { hit?: unknown }).hit)).toBe('function');
  for (const path of ['/', '/settings/keys', '/settings/accounts', '/settings/workspaces', '/settings/audit']) {
    await page.goto(server.url + path);
    await expect.poll(() => page.locator('body').innerText(), { message: path }).toContain('hit()');
    await stir(page);
  }
  const titles: (string | null)[] = [];
  for (const index of CORPUS.keys()) {
    await page.goto(`${server.url}/campaigns/c-${index}`);
    const title = page.getByRole('main').locator('h1');
    await title.waitFor({ state: 'attached' });
    titles.push(await title.textContent());
    if (index === 0) await stir(page);
  }
  for (const fragment of CORPUS) {
    const text = encodeURIComponent(fragment);
    await page.goto(`${server.url}/campaigns/${text}`);
    await page.getByRole('heading').first().waitFor();
    await page.goto(`${server.url}/?q=${text}&status=${text}`);
    await page.getByRole('heading').first().waitFor();
  }
  expect(hits).toEqual([]);
  expect(titles).toEqual(CORPUS);
  await context.close();
});

it('takes hostile text for text behind a share link, and in its address', { timeout: 120_000 }, async () => {
  const context = await browser.newContext();
  const { page, hits } = await watched(context);
  for (const body of [{}, { campaignId: 'c-0' }]) {
    const { url } = await (await server.send('POST', '/v1/share-links', body)).json();
    await page.goto(url);
    await expect.poll(() => page.locator('body').innerText()).toContain('hit()');
  }
  for (const text of CORPUS) {
    await page.goto(`${server.url}/s/x#${text}`);
    await page.getByRole('heading').waitFor();
    await page.goto(`${server.url}/sign-in?next=${encodeURIComponent(text)}#jwt=${text}`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.goto('about:blank');
  }
  expect(hits).toEqual([]);
  await context.close();
});
