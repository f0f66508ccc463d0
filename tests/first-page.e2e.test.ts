import { type CallbackKind, callbackRequest, callbackUrl } from '@ringside/sandbox';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SIMULATION_WORKSPACE } from '../packages/server/src/store/limits.ts';
import {
  AUTH_ID,
  AUTH_TOKEN,
  hangup,
  KEY,
  type TestServer,
  testServer,
} from '../packages/server/src/testing/running-server.ts';
import { makeKey, workspaceKey } from '../packages/server/src/testing/workspace.ts';
import { launchChromium } from './chromium.ts';
import { complaintsOf, findings, overflowOf, signIn } from './page.ts';

const PUBLIC_URL = 'https://calls.example.com';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await testServer({ PUBLIC_URL });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(key: string, options: Parameters<Browser['newContext']>[0] = {}) {
  const context: BrowserContext = await browser.newContext(options);
  onTestFinished(() => context.close());
  await signIn(context, server.url, key);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(server.url);
  await page.getByRole('heading', { name: 'No campaigns yet' }).waitFor();
  return { page, complaints };
}

const card = (page: Page, name: string) => page.getByRole('region', { name });

/** A callback as Plivo signs it for the public address, wherever the server really is. */
async function callBack(kind: CallbackKind, campaignId: string, token = AUTH_TOKEN): Promise<number> {
  const account = { authId: AUTH_ID, authTokens: [token], method: 'POST' } as const;
  const signed = callbackRequest(
    account,
    callbackUrl(PUBLIC_URL, kind, campaignId),
    hangup('call-1'),
    `${Math.random()}`,
  );
  const { headers, body, method } = signed;
  return (await fetch(signed.url.replace(PUBLIC_URL, server.url), { method, headers, body })).status;
}

describe('the first page of a workspace without campaigns', () => {
  it('offers three ways, with the URLs that Plivo must call', { timeout: 60_000 }, async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page, complaints } = await open(KEY, { permissions });
    const names = ['Connect your dialer', 'Let Ringside dial', 'See a simulation'];
    expect(await page.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual(names);
    const urls = {
      ring_url: `${PUBLIC_URL}/plivo/ring-url?campId=c-42#rc=5&rp=all`,
      answer_url: `${PUBLIC_URL}/plivo/answer-url?campId=c-42&next=https%3A%2F%2F…`,
      hangup_url: `${PUBLIC_URL}/plivo/hangup-url?campId=c-42#rc=5&rp=all`,
    };
    for (const [name, url] of Object.entries(urls)) {
      expect(await card(page, 'Connect your dialer').innerText()).toContain(url);
      await page.getByRole('button', { name: `Copy ${name}` }).click();
      await page.getByRole('button', { name: `Copied ${name}` }).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(url);
    }
    await page.getByRole('button', { name: 'Another dialer' }).click();
    expect(await card(page, 'Connect your dialer').innerText()).toContain(`${server.url}/v1/events`);
    await page.getByRole('link', { name: 'New campaign' }).click();
    await page.waitForURL('**/new');
    expect(complaints).toEqual([]);
  });

  it.each([
    { colorScheme: 'light', width: 1440 },
    { colorScheme: 'dark', width: 360 },
  ] as const)(
    'is accessible and fits, $colorScheme at $width px',
    { timeout: 60_000 },
    async ({ colorScheme, width }) => {
      const { page } = await open(KEY, { colorScheme, viewport: { width, height: 900 } });
      for (const way of ['Another dialer', 'Plivo']) {
        await page.getByRole('button', { name: way, exact: true }).click();
        expect(await findings(page), way).toEqual([]);
        expect(await overflowOf(page), way).toBeLessThanOrEqual(0);
      }
    },
  );

  it('offers nobody what they may not do', { timeout: 60_000 }, async () => {
    const ways = { viewer: ['Connect your dialer'], operator: ['Connect your dialer', 'Let Ringside dial'] } as const;
    for (const role of ['viewer', 'operator'] as const) {
      const { page, complaints } = await open((await makeKey(server, { role })).key);
      expect(await page.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual(ways[role]);
      expect(await page.getByRole('button', { name: /simulation/i }).count()).toBe(0);
      expect(complaints).toEqual([]);
    }
  });

  it('tells that callbacks are refused, and why', { timeout: 60_000 }, async () => {
    const { page } = await open(KEY);
    await card(page, 'Connect your dialer').getByText('Waiting for the first call').waitFor();
    expect(await callBack('hangup', 'c-1', 'the-token-of-another-account')).toBe(403);
    await card(page, 'Connect your dialer')
      .getByText(/Callback refused at .* signature does not match/)
      .waitFor();
  });
});

describe('a simulation', () => {
  it('starts with one click, is seen live and marked, and leads back', { timeout: 120_000 }, async () => {
    const { page, complaints } = await open(KEY);
    await page.getByRole('button', { name: 'Run simulation' }).click();
    await page.getByRole('heading', { name: 'Simulated: Diwali offer' }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/s\//);
    expect(page.url()).not.toContain('#');
    await page.getByText('Simulated', { exact: true }).waitFor();
    await page.getByText('Nobody is called.').waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    const rows = page.getByRole('row');
    await expect.poll(() => rows.count(), { timeout: 20_000 }).toBeGreaterThan(5);
    const newest = await rows.nth(1).innerText();
    await expect.poll(() => rows.nth(1).innerText(), { timeout: 30_000 }).not.toBe(newest);
    expect(await findings(page)).toEqual([]);

    await page.reload();
    await page.getByRole('heading', { name: 'Simulated: Diwali offer' }).waitFor();
    await page.getByRole('link', { name: 'Leave simulation' }).click();
    await page.getByRole('heading', { name: 'No campaigns yet' }).waitFor();
    await card(page, 'See a simulation').getByText('running, ends by').waitFor();
    await page.getByRole('button', { name: 'Open simulation' }).click();
    await page.getByRole('heading', { name: 'Simulated: Diwali offer' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Run simulation' }).waitFor();
    expect(complaints).toEqual([]);
  });
});

it('a simulation is marked also for who signs in to its workspace', { timeout: 60_000 }, async () => {
  const { authorization } = await workspaceKey(server, SIMULATION_WORKSPACE, { role: 'viewer' });
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  await signIn(context, server.url, authorization.slice('Bearer '.length));
  const page = await context.newPage();
  await page.goto(server.url);
  await page.getByText('Simulated', { exact: true }).waitFor();
});

describe('lights up without being loaded again', () => {
  const event = { type: 'initiated', campaignId: 'c-event', callId: 'call-1', to: '+919876543210' };
  const ways: readonly (readonly [by: string, act: (headers: Record<string, string>) => Promise<unknown>])[] = [
    [
      'event',
      (headers) => server.send('POST', '/v1/events', { events: [{ ...event, at: new Date().toISOString() }] }, headers),
    ],
    ['campaign', (headers) => server.send('POST', '/v1/campaigns', { id: 'c-campaign', name: 'c-campaign' }, headers)],
    ['callback', () => callBack('hangup', 'c-callback')],
  ];

  it.each(ways)('at the first %s', { timeout: 60_000 }, async (by, act) => {
    const headers = by === 'callback' ? { authorization: `Bearer ${KEY}` } : await workspaceKey(server, `by-${by}`);
    const { page, complaints } = await open(headers.authorization.slice('Bearer '.length));
    await page.getByText('live', { exact: true }).waitFor();
    await page.evaluate(() => Object.assign(globalThis, { isFirstLoad: true }));
    await act(headers);
    await page
      .getByRole('link', { name: `c-${by}` })
      .first()
      .waitFor();
    expect(await page.getByRole('heading', { name: 'No campaigns yet' }).count()).toBe(0);
    expect(await page.evaluate(() => 'isFirstLoad' in globalThis)).toBe(true);
    expect(complaints).toEqual([]);
  });
});
