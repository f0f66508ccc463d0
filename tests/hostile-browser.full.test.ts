import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  hangup,
  KEY,
  type TestServer,
  temporaryFolder,
  testServer,
} from '../packages/server/src/testing/running-server.ts';
import { startProcess } from '../packages/server/src/testing/server-process.ts';
import { environmentOf, launchChromium } from './chromium.ts';
import { complaintsOf, signIn } from './page.ts';

let server: TestServer;
let browser: Browser;
let shared: string;
const opened: BrowserContext[] = [];

beforeAll(async () => {
  server = await testServer();
  browser = await launchChromium();
  const dial = { callerIds: ['+918035735659'] };
  const built = { dialer: 'built-in', dial, answerXml: '<Response><Hangup/></Response>', timezone: 'Asia/Kolkata' };
  const deadline = new Date(Date.now() + 86_400_000).toISOString();
  await made('/v1/campaigns', { id: 'drafted', name: 'To be dialed', deadline, ...built });
  await made('/v1/campaigns', { id: 'called', name: 'Called', totalCalls: 10, currency: 'USD' });
  for (const n of [1, 2, 3]) expect((await server.callback('hangup', 'called', hangup(`call-${n}`))).status).toBe(200);
  await server.send('POST', '/v1/do-not-call', { numbers: ['+919811042042'], reason: 'asked for it' });
  await made('/v1/keys', { name: 'Narrow', role: 'viewer', expiresInSeconds: 3_600 });
  await made('/v1/provider-accounts', { authId: 'MAOTHER', token: 'another-token' });
  await server.send('PUT', '/v1/settings/control-webhook', { url: 'http://127.0.0.1:9/' });
  shared = (await made('/v1/share-links', { campaignId: 'called' })).url;
});
afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function made(path: string, body: unknown): Promise<{ url: string }> {
  const response = await server.send('POST', path, body);
  expect([path, response.status]).toEqual([path, 201]);
  return response.json();
}

/** A signed-in page, and what it complained of. */
async function open(from = browser): Promise<{ page: Page; complaints: string[] }> {
  const context = await from.newContext();
  opened.push(context);
  await signIn(context, server.url, KEY);
  const page = await context.newPage();
  return { page, complaints: complaintsOf(page) };
}

/** Every page, with a text that it shows when it works. */
const PAGES: readonly (readonly [path: string, text: string])[] = [
  ['/', 'To be dialed'],
  ['/campaigns/called', 'Called'],
  ['/campaigns/drafted', 'Before it starts'],
  ['/new', 'How it dials'],
  ['/new/drafted', 'How it dials'],
  ['/new/drafted/review', 'Nobody is on the list yet'],
  ['/settings/keys', 'Narrow'],
  ['/settings/accounts', 'MAOTHER'],
  ['/settings/workspaces', 'default'],
  ['/settings/do-not-call', 'asked for it'],
  ['/settings/control', '127.0.0.1:9'],
  ['/settings/audit', 'key.created'],
];

async function visitAll(page: Page): Promise<void> {
  for (const [path, text] of PAGES) {
    await page.goto(server.url + path);
    await page.getByRole('main').getByText(text).first().waitFor();
  }
  await page.goto(shared);
  await page.getByRole('heading', { name: 'Called' }).waitFor();
}

describe('a page works in a browser', { timeout: 120_000 }, () => {
  it.each([
    ['of the C locale', { locale: 'en-US@posix', zone: undefined }],
    ['of a zone that nobody knows', { locale: undefined, zone: 'Foo/Bar' }],
  ])('%s', async (_name, reader) => {
    const odd = await launchChromium({ env: environmentOf(reader) });
    try {
      const { page, complaints } = await open(odd);
      await page.goto(`${server.url}/new`);
      await page.getByLabel('Country of numbers without one').waitFor();
      const { language, zone } = await page.evaluate(() => ({
        language: navigator.language,
        zone: String(Intl.DateTimeFormat().resolvedOptions().timeZone),
      }));
      expect(reader.zone === undefined ? language : zone).toBe(reader.locale ?? 'undefined');
      if (reader.locale) expect(await page.getByLabel('Country of numbers without one').inputValue()).toBe('');
      if (reader.zone) expect(await page.getByLabel('Time zone').inputValue()).toBe('UTC');
      await visitAll(page);
      expect(complaints).toEqual([]);
    } finally {
      await odd.close();
    }
  });

  it('of a language that is none', async () => {
    const { page, complaints } = await open();
    await page.addInitScript(() => {
      const named = new URLSearchParams(location.search).get('language');
      const language = named === 'none' ? undefined : named;
      Object.defineProperty(navigator, 'language', { get: () => language });
      Object.defineProperty(navigator, 'languages', { get: () => (language ? [language] : language) });
    });
    for (const language of ['', 'none', '☃', 'x'.repeat(500)]) {
      await page.goto(`${server.url}/new?language=${encodeURIComponent(language)}`);
      expect(await page.getByLabel('Country of numbers without one').inputValue()).toBe('');
    }
    expect(complaints).toEqual([]);
  });

  it('that lists no zones, copies nothing and blocks its storage', async () => {
    const { page, complaints } = await open();
    await page.addInitScript(() => {
      Reflect.deleteProperty(Intl, 'supportedValuesOf');
      const blocked = (): never => {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      };
      for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get: blocked });
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: () => Promise.reject(new Error('denied')) },
      });
    });
    await visitAll(page);
    await page.goto(server.url);
    await page.getByRole('button', { name: /^Theme/ }).click();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: /^Theme: light/ }).waitFor();
    await page.goto(`${server.url}/settings/accounts`);
    await page.getByRole('button', { name: /^Copy/ }).first().click();
    await page.getByText('Copied').first().waitFor();
    expect(complaints).toEqual([]);
  });
});

it('nothing that the page loads asks for the language itself, libraries included', () => {
  const folder = fileURLToPath(new URL('../packages/dashboard/dist/assets/', import.meta.url));
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(5);
  const asking = scripts.filter((name) => /\.languages?\b/.test(readFileSync(folder + name, 'utf8')));
  expect(asking.map((name) => name.replace(/-.*/, ''))).toEqual(['readers']);
});

describe('a browser that keeps no cookies is told so', { timeout: 90_000 }, () => {
  /** Answers lose the cookies that they set, as where the browser blocks them. */
  async function withoutCookies(): Promise<Page> {
    const context = await browser.newContext();
    opened.push(context);
    const page = await context.newPage();
    await page.route('**/session', async (route) => {
      const response = await route.fetch();
      const { 'set-cookie': _cookie, ...headers } = response.headers();
      await context.clearCookies();
      await route.fulfill({ response, headers });
    });
    return page;
  }

  it('at sign-in', async () => {
    const page = await withoutCookies();
    await page.goto(`${server.url}/sign-in`);
    await page.getByLabel('API key').fill(KEY);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Your browser did not keep the session. Allow cookies').waitFor();
  });

  it('at a share link', async () => {
    const page = await withoutCookies();
    await page.goto(shared);
    await page.getByText('Your browser did not keep the session. Allow cookies').waitFor();
  });
});

describe('an address', { timeout: 90_000 }, () => {
  it.each([
    ['/campaigns/100%25', '100%'],
    ['/campaigns/100%2525', '100%25'],
    ['/campaigns/a%2Fb', 'a/b'],
    ['/campaigns/a%3Ab%23c', 'a:b#c'],
    ['/campaigns/100%', '100%'],
    ['/campaigns/%E0%A4%A', '%E0%A4%A'],
  ])('%s is read once', async (path, id) => {
    const { page } = await open();
    await page.goto(server.url + path);
    await page.getByRole('heading', { name: `No campaign “${id}”`, exact: true }).waitFor();
  });

  it('that leads nowhere shows the words of the page', async () => {
    const { page } = await open();
    const response = await page.goto(`${server.url}/nosuch`);
    expect(response?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await page.getByRole('link', { name: 'All campaigns' }).click();
    await page.getByText('To be dialed').waitFor();
  });

  it('keeps what was looked for as it was written', async () => {
    const { page } = await open();
    await page.goto(`${server.url}/?q=100%2525%26b`);
    expect(await page.getByRole('searchbox').inputValue()).toBe('100%25&b');
  });
});

const INSTANT = /"\d{4}-\d\d-\d\dT[\d:.]+Z"/g;
const NAMED = /"(timeZone|timezone|currency|defaultCountry)":"[^"]*"/g;
const GARBAGE = ['soon', '', '+275760-09-13T00:00:01Z', '99999999999', 'foo 1'];

/** An answer of the API whose instants, zones and currencies nobody can read, each other garbage. */
function garbled(text: string): string {
  let count = text.length;
  const next = (): string => JSON.stringify(GARBAGE[count++ % GARBAGE.length]);
  return text.replace(INSTANT, next).replace(NAMED, (_whole, name) => `"${name}":${next()}`);
}

async function garble(page: Page): Promise<void> {
  await page.route('**/v1/**', async (route) => {
    const response = await route.fetch();
    const type = response.headers()['content-type'] ?? '';
    if (!type.startsWith('application/json')) return route.fulfill({ response });
    return route.fulfill({ response, body: garbled(await response.text()) });
  });
  await page.routeWebSocket(/\/live$/, (socket) => {
    const upstream = socket.connectToServer();
    upstream.onMessage((message) => socket.send(garbled(String(message))));
  });
}

/** Texts that betray a value which nobody read. */
const UNREAD = /Invalid Date|NaN|Infinity|undefined|\[object/;

it('garbage in the answers of the API breaks no page and no dialog', { timeout: 120_000 }, async () => {
  const { page, complaints } = await open();
  await garble(page);
  const look = async (what: string) => expect(await page.locator('body').innerText(), what).not.toMatch(UNREAD);
  for (const [path, text] of PAGES) {
    await page.goto(server.url + path);
    await page.getByRole('main').getByText(text).first().waitFor();
    await look(path);
  }
  for (const summary of await page.locator('summary').all()) await summary.click();
  await look('changes in the audit log');
  for (const [path, button] of [
    ['/', 'Share'],
    ['/settings/keys', 'Revoke Narrow'],
    ['/campaigns/called', 'Pause'],
  ] as const) {
    await page.goto(server.url + path);
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('dialog').waitFor();
    await look(`${path}, ${button}`);
  }
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More about this campaign' }).click();
  await page.getByRole('menuitem', { name: 'History' }).click();
  await page.getByRole('dialog').getByText('Registered').waitFor();
  await look('the history');
  expect(complaints).toEqual([]);
});

/** Answers of the list of keys in a form that the page does not know, until `mend` is called. */
async function breakKeys(page: Page): Promise<() => void> {
  let broken = true;
  await page.route(/\/v1\/keys\?/, (route) => (broken ? route.fulfill({ json: { items: [null] } }) : route.continue()));
  return () => {
    broken = false;
  };
}

describe('a page that cannot be shown', { timeout: 90_000 }, () => {
  const fault = (page: Page) => page.getByRole('heading', { name: 'This page could not be shown' });

  it('leaves the rest at work, ends on another page and with Back, and is retried without a load', async () => {
    const { page } = await open();
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    await page.goto(server.url);
    const mend = await breakKeys(page);
    await page.getByRole('link', { name: 'Settings' }).click();
    await fault(page).waitFor();
    expect(await fault(page).evaluate((heading) => document.activeElement === heading)).toBe(true);
    await page.getByText('last callback').waitFor();

    await page.goBack();
    await page.getByText('To be dialed').waitFor();
    await page.goForward();
    await fault(page).waitFor();
    await page.getByRole('link', { name: 'Back to campaigns' }).click();
    await page.getByText('To be dialed').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await fault(page).waitFor();

    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(/Tried again at \d\d:\d\d:\d\d/).waitFor();
    mend();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Narrow').first().waitFor();
    expect(loads).toBe(1);
  });

  it('tells what to pass on, without the query, and tells the server', async () => {
    const { page } = await open();
    await breakKeys(page);
    const reported = page.waitForRequest('**/v1/page-faults');
    await page.goto(`${server.url}/settings/keys?q=%2B919876543210`);
    const detail = await page.getByLabel('Detail to pass on').innerText();
    expect(detail).toMatch(
      /^message: TypeError: .+\naddress: \/settings\/keys\ncode: \S+\.js:\d+:\d+\nversion: \d+\.\d+\.\d+\ntime: \d{4}-\S+Z$/,
    );
    const request = await reported;
    expect(request.postDataJSON()).toMatchObject({ address: '/settings/keys', place: expect.stringMatching(/\.js:/) });
    expect((await request.response())?.status()).toBe(204);
  });

  it('in a dialog leaves the page under it at work', async () => {
    const { page } = await open();
    await page.goto(`${server.url}/campaigns/called`);
    await page.route('**/timeline', (route) => route.fulfill({ json: { items: null } }));
    await page.getByRole('button', { name: 'More about this campaign' }).click();
    await page.getByRole('menuitem', { name: 'History' }).click();
    await page.getByRole('dialog', { name: 'This could not be shown' }).getByText('TypeError').waitFor();
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Called' }).waitFor();
  });

  it('leaves the page at work where what stands around it is at fault', async () => {
    const { page } = await open();
    await page.route('**/v1/intake', (route) => route.fulfill({ json: {} }));
    await page.goto(`${server.url}/settings/keys`);
    await page.getByText('The state of callbacks cannot be shown.').waitFor();
    await page.getByText('Narrow').first().waitFor();
  });

  it('with all of what stands around it still does not load itself again', async () => {
    const { page } = await open();
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    await page.route('**/v1/session', (route) => route.fulfill({ json: { permissions: null } }));
    await page.goto(`${server.url}/settings/keys`);
    await fault(page).waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(/Tried again/).waitFor();
    await page.unroute('**/v1/session');
    await page.getByRole('link', { name: 'Back to campaigns' }).click();
    await page.getByText('To be dialed').waitFor();
    expect(loads).toBe(1);
  });
});

it('a dialog that cannot be loaded says so where it was opened, and opens once the server is back', {
  timeout: 90_000,
}, async () => {
  const folder = temporaryFolder();
  let process = await startProcess(folder.path);
  const { port } = new URL(process.url);
  try {
    const context = await browser.newContext();
    opened.push(context);
    const page = await context.newPage();
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    await page.goto(process.signInUrl);
    await page.getByRole('heading', { name: 'Campaigns' }).waitFor();
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ id: 'watched', name: 'Watched', startedAt: new Date().toISOString() });
    await fetch(`${process.url}/v1/campaigns`, { method: 'POST', headers, body });
    await page.getByRole('link', { name: 'Watched' }).click();
    const more = page.getByRole('button', { name: 'More about this campaign' });
    await more.waitFor();
    process.child.kill('SIGKILL');
    await process.ended;
    await page.getByText('reconnecting').waitFor();

    await more.click();
    await page.getByRole('menuitem', { name: 'History' }).click();
    const missing = page.getByRole('dialog', { name: 'This could not be opened' });
    await missing.getByText('Ringside does not answer').waitFor();
    await missing.getByRole('button', { name: 'Try again' }).click();
    await missing.getByRole('button', { name: 'Try again', disabled: false }).waitFor();
    process = await startProcess(folder.path, { PORT: port });
    await missing.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('dialog', { name: 'History of “Watched”' }).getByText('Registered').waitFor();
    expect(loads).toBe(1);
  } finally {
    process.child.kill('SIGTERM');
    await process.ended;
    folder.remove();
  }
});
