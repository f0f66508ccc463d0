import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KEY } from '../packages/server/src/testing/running-server.ts';
import { environmentOf, launchChromium } from './chromium.ts';
import { PAGES, type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterEach(() => scene.closePages());
afterAll(() => scene?.stop());

/** Shows every page, or those of some paths, and the shared one. */
async function visit(page: Page, paths: readonly string[] = PAGES.map(([path]) => path)): Promise<void> {
  for (const [path, text] of PAGES.filter(([each]) => paths.includes(each))) {
    await page.goto(scene.server.url + path);
    await page.getByRole('main').getByText(text).first().waitFor();
  }
  await page.goto(scene.shared);
  await page.getByRole('heading', { name: 'Called' }).waitFor();
}

describe('a page works in a browser', { timeout: 120_000 }, () => {
  it.each([
    ['of the C locale', { locale: 'en-US@posix', zone: undefined }],
    ['of a zone that nobody knows', { locale: undefined, zone: 'Foo/Bar' }],
  ])('%s', async (_name, reader) => {
    const odd = await launchChromium({ env: environmentOf(reader) });
    try {
      const { page, complaints } = await scene.open(odd);
      await page.goto(`${scene.server.url}/new`);
      await page.getByLabel('Country of numbers without one').waitFor();
      const { language, zone } = await page.evaluate(() => ({
        language: navigator.language,
        zone: String(Intl.DateTimeFormat().resolvedOptions().timeZone),
      }));
      expect(reader.zone === undefined ? language : zone).toBe(reader.locale ?? 'undefined');
      if (reader.locale) expect(await page.getByLabel('Country of numbers without one').inputValue()).toBe('');
      if (reader.zone) expect(await page.getByLabel('Time zone').inputValue()).toBe('UTC');
      await visit(page, ['/', '/campaigns/called', '/new/drafted', '/settings/workspaces']);
      expect(complaints).toEqual([]);
    } finally {
      await odd.close();
    }
  });

  it('of a language that is none', async () => {
    const { page, complaints } = await scene.open();
    await page.addInitScript(() => {
      const named = new URLSearchParams(location.search).get('language');
      const language = named === 'none' ? undefined : named;
      Object.defineProperty(navigator, 'language', { get: () => language });
      Object.defineProperty(navigator, 'languages', { get: () => (language ? [language] : language) });
    });
    for (const language of ['', 'none', '☃', 'x'.repeat(500)]) {
      await page.goto(`${scene.server.url}/new?language=${encodeURIComponent(language)}`);
      expect(await page.getByLabel('Country of numbers without one').inputValue()).toBe('');
    }
    expect(complaints).toEqual([]);
  });

  it('that lists no zones, copies nothing and blocks its storage', async () => {
    const { page, complaints } = await scene.open();
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
    await visit(page);
    await page.goto(scene.server.url);
    await page.getByRole('button', { name: /^Theme/ }).click();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: /^Theme: light/ }).waitFor();
    await page.goto(`${scene.server.url}/settings/accounts`);
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
    const context = await scene.context();
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
    await page.goto(`${scene.server.url}/sign-in`);
    await page.getByLabel('API key').fill(KEY);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Your browser did not keep the session. Allow cookies').waitFor();
  });

  it('at a share link', async () => {
    const page = await withoutCookies();
    await page.goto(scene.shared);
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
    const { page } = await scene.open();
    await page.goto(scene.server.url + path);
    await page.getByRole('heading', { name: `No campaign “${id}”`, exact: true }).waitFor();
  });

  it('that leads nowhere shows the words of the page', async () => {
    const { page } = await scene.open();
    const response = await page.goto(`${scene.server.url}/nosuch`);
    expect(response?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await page.goto(`${scene.server.url}/new/drafted/nosuch`);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await page.getByRole('link', { name: 'All campaigns' }).click();
    await page.getByText('To be dialed').waitFor();
  });

  it('keeps what was looked for as it was written', async () => {
    const { page } = await scene.open();
    await page.goto(`${scene.server.url}/?q=100%2525%26b`);
    expect(await page.getByRole('searchbox').inputValue()).toBe('100%25&b');
  });
});
