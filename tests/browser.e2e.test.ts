import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, reader } from './chromium.ts';

/** The tests of CSP, CORS and origins prove something only in a browser that enforces them. */
describe('the browser of the tests', () => {
  let browser: Browser;
  const servers: Server[] = [];

  async function serve(headers: Record<string, string> = {}): Promise<string> {
    const server = createServer((_request, response) => response.writeHead(200, headers).end('<title>here</title>'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    for (const server of servers) server.close();
  });

  test('refuses a page the answer of another origin, unless that origin allows it', async () => {
    const html = { 'content-type': 'text/html' };
    const [here, closed, open] = await Promise.all([
      serve(html),
      serve(html),
      serve({ ...html, 'access-control-allow-origin': '*' }),
    ]);
    const page = await browser.newPage();
    await page.goto(here);
    const read = (url: string) =>
      page.evaluate((address) => fetch(address).then((answer) => answer.text(), String), url);
    expect(await read(open)).toContain('here');
    expect(await read(closed)).toContain('TypeError');
    await page.close();
  });

  test('has the language and zone that the run asks for', async () => {
    const page = await browser.newPage();
    const { language, zone } = await page.evaluate(() => ({
      language: navigator.language,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    }));
    if (reader.locale) expect(language).toBe(reader.locale);
    if (reader.zone) expect(zone).toBe(reader.zone.replace('Asia/Kolkata', 'Asia/Calcutta'));
    await page.close();
  });

  test('outlives a context that closes', async () => {
    for (let round = 0; round < 3; round += 1) {
      const context = await browser.newContext();
      await context.newPage();
      await context.close();
    }
    expect(browser.isConnected()).toBe(true);
  });
});
