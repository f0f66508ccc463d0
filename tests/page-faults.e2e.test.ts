import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KEY, temporaryFolder } from '../packages/server/src/testing/running-server.ts';
import { startProcess } from '../packages/server/src/testing/server-process.ts';
import { PAGES, type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterEach(() => scene.closePages());
afterAll(() => scene?.stop());

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
  const { page, complaints } = await scene.open();
  await garble(page);
  const look = async (what: string) => expect(await page.locator('body').innerText(), what).not.toMatch(UNREAD);
  for (const [path, text] of PAGES) {
    await page.goto(scene.server.url + path);
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
    await page.goto(scene.server.url + path);
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
    const { page } = await scene.open();
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    await page.goto(scene.server.url);
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
    const { page } = await scene.open();
    await breakKeys(page);
    const reported = page.waitForRequest('**/v1/page-faults');
    await page.goto(`${scene.server.url}/settings/keys?q=%2B919876543210`);
    const detail = await page.getByLabel('Detail to pass on').innerText();
    expect(detail).toMatch(
      /^message: TypeError: .+\naddress: \/settings\/keys\ncode: \S+\.js:\d+:\d+\nversion: \d+\.\d+\.\d+\ntime: \d{4}-\S+Z$/,
    );
    const request = await reported;
    expect(request.postDataJSON()).toMatchObject({ address: '/settings/keys', place: expect.stringMatching(/\.js:/) });
    expect((await request.response())?.status()).toBe(204);
  });

  it('in a dialog leaves the page under it at work', async () => {
    const { page } = await scene.open();
    await page.goto(`${scene.server.url}/campaigns/called`);
    await page.route('**/timeline', (route) => route.fulfill({ json: { items: null } }));
    await page.getByRole('button', { name: 'More about this campaign' }).click();
    await page.getByRole('menuitem', { name: 'History' }).click();
    await page.getByRole('dialog', { name: 'This could not be shown' }).getByText('TypeError').waitFor();
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Called' }).waitFor();
  });

  it('leaves the page at work where what stands around it is at fault', async () => {
    const { page } = await scene.open();
    await page.route('**/v1/intake', (route) => route.fulfill({ json: {} }));
    await page.goto(`${scene.server.url}/settings/keys`);
    await page.getByText('The state of callbacks cannot be shown.').waitFor();
    await page.getByText('Narrow').first().waitFor();
  });

  it('with all of what stands around it still does not load itself again', async () => {
    const { page } = await scene.open();
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    await page.route('**/v1/session', (route) => route.fulfill({ json: { permissions: null } }));
    await page.goto(`${scene.server.url}/settings/keys`);
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
    const context = await scene.context();
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
