import type { Report } from '@ringside/protocol';
import { runCampaign, scenarios, startAppForm } from '@ringside/sandbox';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AUTH_ID,
  AUTH_TOKEN,
  KEY,
  type TestServer,
  testServer,
} from '../packages/server/src/testing/running-server.ts';
import { launchChromium } from './chromium.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  // Nobody answers at this port, so calls without an end cannot be looked up.
  const sweep = { everyMs: 200, graceMs: 0 };
  server = await testServer({ PLIVO_API_URL: 'http://127.0.0.1:9' }, { sweep });
  browser = await launchChromium();
  await runCampaign({
    url: server.url,
    key: KEY,
    authId: AUTH_ID,
    authTokens: [AUTH_TOKEN],
    campaignId: 'over',
    name: 'Looked at',
    scenario: { ...scenarios.steady, contacts: 40 },
    seed: 'definitions',
    startAt: Date.now() - 2 * 3_600_000,
  });
  await startRunning();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** A campaign that runs: of a hundred contacts forty were called in the last minutes, and the last calls are live. */
async function startRunning(): Promise<void> {
  const about = { name: 'Under way', totalCalls: 100, pace: { concurrency: 10, callsPerSecond: 2 } };
  await server.send('POST', '/v1/campaigns', { id: 'running', ...about, retry: { maxAttempts: 2, delaySeconds: 600 } });
  const start = Date.now() - 260_000;
  const events = Array.from({ length: 40 }, (_, n) => {
    const about = { campaignId: 'running', callId: `r-${n}`, to: `+9198765${40_000 + n}` };
    const at = (seconds: number): string => new Date(start + n * 6_000 + seconds * 1_000).toISOString();
    const answered = n % 3 === 0;
    const ended = { type: 'ended', at: at(25), status: answered ? 'completed' : 'busy', duration: answered ? 17 : 0 };
    const started = { type: 'initiated', at: at(0), ...about };
    return n < 36 ? [started, { ...ended, ...about }] : [started];
  });
  await server.send('POST', '/v1/events', { events: events.flat() });
}

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  expect((await context.request.post(`${server.url}/v1/session`, { data: { key: KEY } })).status()).toBe(204);
  const page = await context.newPage();
  await page.goto(server.url + path);
  return page;
}

const tooltipOf = (page: Page): Locator => page.locator('[role=tooltip]');

/**
 * Marks every element of the page that shows a figure, or a dash for one, but for the cells of single calls, whose
 * columns are defined in their headings, and for names and messages.
 * @returns for each mark the text beside it, to tell it by
 */
function markFigures(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const notFigures = 'h1, [role=tooltip], .sr-only, [aria-label="What holds the campaign up"]';
    const cells = 'section[aria-label^="Calls as they end"] tbody, section[aria-label$="as a table"] tbody';
    const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
    const found = new Set<Element>();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      // Digits that changed are drawn anew; what they stand in stays.
      const element = node.parentElement?.closest('.animate-tint')?.parentElement ?? node.parentElement;
      if (!element || !/\d|^–$/.test(node.textContent ?? '') || element.closest(`${notFigures}, ${cells}`)) continue;
      if (element.getClientRects().length > 0) found.add(element);
    }
    document.querySelectorAll('[data-figure]').forEach((old) => {
      old.removeAttribute('data-figure');
    });
    return [...found].map((element, index) => {
      element.setAttribute('data-figure', String(index));
      return `${element.textContent} in “${element.closest('dl > div, li, p, tr, section')?.textContent?.slice(0, 60)}”`;
    });
  });
}

/** What each figure is explained with; `null` where it is not. */
async function explanations(page: Page, explain: (figure: Locator) => Promise<void>) {
  const figures = await markFigures(page);
  expect(figures.length).toBeGreaterThan(20);
  const tooltip = tooltipOf(page);
  const found: { figure: string; text: string | null }[] = [];
  for (const [index, figure] of figures.entries()) {
    await explain(page.locator(`[data-figure="${index}"]`));
    const isThere = await tooltip.waitFor({ timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    found.push({ figure, text: isThere ? plain(await tooltip.innerText()) : null });
    await page.mouse.move(0, 0);
    await page.keyboard.press('Escape');
    await page.mouse.click(0, 0);
    await tooltip.waitFor({ state: 'detached' });
  }
  return found;
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Figures may change while one reads. */
const withoutDigits = (text: string): string => text.replaceAll(/[\d.,]+/g, '#');

/** All that is explained to somebody who has no pointer. */
async function byKeyboard(page: Page): Promise<Set<string>> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const found = new Set<string>();
  for (let presses = 0; presses < 400; presses++) {
    await page.keyboard.press('Tab');
    const text = await page.evaluate(() => {
      if (document.activeElement === document.body) return null;
      return (document.querySelector('[role=tooltip]') as HTMLElement | null)?.innerText ?? '';
    });
    if (text === null) break;
    found.add(withoutDigits(plain(text)));
  }
  return found;
}

/** Every percentage on the page with a tenth, which is how shares are shown, and what it is explained with. */
async function shares(page: Page): Promise<{ value: number; text: string }[]> {
  const count = await page.evaluate(() => {
    const units = [...document.querySelectorAll('main span')].filter((unit) => unit.textContent === '%');
    units.forEach((unit, index) => {
      unit.parentElement?.setAttribute('data-share', String(index));
    });
    return units.length;
  });
  const found: { value: number; text: string }[] = [];
  for (let index = 0; index < count; index++) {
    const share = page.locator(`[data-share="${index}"]`);
    await share.hover();
    const text = plain(await tooltipOf(page).innerText());
    found.push({ value: Number.parseFloat(await share.innerText()), text });
    await page.mouse.move(0, 0);
    await tooltipOf(page).waitFor({ state: 'detached' });
  }
  return found;
}

/** `157 answered of 1,500 ended calls = 10.5 %` must say what is shown. */
function expectFraction({ value, text }: { value: number; text: string }): void {
  const [, numerator = '', denominator = ''] = /([\d,]+) [^.]* of ([\d,]+) [^.=]*= /.exec(text) ?? [];
  const number = (digits: string): number => Number(digits.replaceAll(',', ''));
  expect(Math.abs((100 * number(numerator)) / number(denominator) - value), text).toBeLessThan(0.051);
}

/** Every share that is shown, also in the tables, and every rate of the report. */
async function expectFractions(page: Page, id: string): Promise<void> {
  for (const title of ['Outcomes', 'Hangup causes'])
    await page.getByRole('button', { name: `${title} as a table` }).click();
  const found = await shares(page);
  for (const share of found) expectFraction(share);
  const report: Report = await server.report(id);
  const { answer, humanAnswer, contact, shortCall, leadConversion } = report.callMetrics.rates;
  for (const { value, numerator, denominator } of [answer, humanAnswer, contact, shortCall, leadConversion]) {
    const said = new RegExp(`\\b${numerator} [^.]* of ${denominator} .*= ${value?.toFixed(1)} %`);
    expect(found.filter(({ text }) => said.test(text))).not.toEqual([]);
  }
}

const missing = (found: readonly { figure: string; text: string | null }[]): string[] =>
  found.filter(({ text }) => text === null).map(({ figure }) => figure);

// Most of it is waiting for explanations to come and go, so both are gone over at once.
it.concurrent.each(['over', 'running'])(
  'the page of a campaign that is %s defines every figure, to a pointer and to the keyboard, and shows what shares are made of',
  { timeout: 240_000 },
  async (id) => {
    const page = await open(`/campaigns/${id}`);
    await page.getByRole('heading', { name: 'Hangup causes' }).waitFor();
    // The lines of what runs come when the page has watched for a while.
    if (id === 'running') await page.locator('figcaption').first().waitFor({ timeout: 60_000 });
    const found = await explanations(page, (figure) => figure.hover());
    expect(missing(found)).toEqual([]);
    const keyboard = await byKeyboard(page);
    expect(found.filter(({ text }) => text !== null && !keyboard.has(withoutDigits(text)))).toEqual([]);
    await expectFractions(page, id);
    await page.context().close();
  },
);

it('defines every figure to a finger', { timeout: 180_000 }, async () => {
  const page = await open('/campaigns/over', { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.getByRole('heading', { name: 'Hangup causes' }).waitFor();
  expect(missing(await explanations(page, (figure) => figure.tap()))).toEqual([]);
  await page.context().close();
});

it('follows what a share is made of while the explanation is open', { timeout: 60_000 }, async () => {
  const page = await open('/campaigns/running');
  const { numerator, denominator } = (await server.report('running')).callMetrics.rates.answer;
  await page.getByRole('button', { name: 'Answer rate' }).first().hover();
  const text = async (): Promise<string> => plain(await tooltipOf(page).innerText());
  await expect.poll(text).toContain(`${numerator} answered of ${denominator} ended calls`);
  const end = { type: 'ended', campaignId: 'running', callId: 'r-36', at: new Date().toISOString() };
  await server.send('POST', '/v1/events', { events: [{ ...end, status: 'completed', duration: 5 }] });
  await expect.poll(text).toContain(`${numerator + 1} answered of ${denominator + 1} ended calls`);
  await page.context().close();
});

it('the list says of every share what it is made of', { timeout: 60_000 }, async () => {
  const page = await open('/');
  await page.getByText('Under way').waitFor();
  const found = await shares(page);
  expect(found.length).toBeGreaterThanOrEqual(5);
  for (const share of found) expectFraction(share);
  await page.context().close();
});

it('tells at the foot of the page that calls without an end cannot be looked up', { timeout: 60_000 }, async () => {
  const callUuid = '6a5b8f6e-1111-4222-8333-444455556666';
  await server.send('POST', '/v1/campaigns', { id: 'stale', name: 'Stale', maxCallSeconds: 1 });
  const call = { authId: AUTH_ID, callUuid, requestUuid: callUuid, from: '+918035735659', to: '+919876500009' };
  await server.callback('answer', 'stale', startAppForm({ ...call, sessionStart: Date.now(), billRate: '0.005' }));
  const intake = async () => (await (await server.get('/v1/intake')).json()) as { sweep: { warning: string | null } };
  await expect.poll(async () => (await intake()).sweep.warning, { timeout: 20_000 }).not.toBeNull();
  const page = await open('/');
  await page.getByRole('button', { name: /1 call without an end/ }).hover();
  await expect.poll(async () => tooltipOf(page).innerText()).toContain((await intake()).sweep.warning);
  await page.context().close();
});
