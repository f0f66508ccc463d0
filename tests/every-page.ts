import { must } from '@ringside/core';
import { runCampaign, scenarios } from '@ringside/sandbox';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { AUTH_ID, AUTH_TOKEN, KEY, temporaryFolder } from '../packages/server/src/testing/running-server.ts';
import { type ServerProcess, startProcess } from '../packages/server/src/testing/server-process.ts';
import { launchChromium } from './chromium.ts';
import { findings, overflowOf, signIn } from './page.ts';

/** A server that shows something on every page, and a browser. */
export interface EveryPage {
  readonly server: ServerProcess;
  readonly browser: Browser;
  /** Links of a shared campaign and a shared overview. */
  readonly shared: readonly string[];
  close(): Promise<void>;
}

export async function openEveryPage(): Promise<EveryPage> {
  const folder = temporaryFolder();
  const [server, browser] = await Promise.all([startProcess(folder.path), launchChromium()]);
  const send = sender(server);
  const create = (path: string, body: unknown) => send(path, body, 201);
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
  const dial = { callerIds: ['+918035735659'] };
  const answerXml = '<Response><Hangup/></Response>';
  await create('/v1/campaigns', { id: 'drafted', name: 'To be dialed', dialer: 'built-in', dial, answerXml });
  await create('/v1/campaigns', { id: 'begun', name: 'Begun', dialer: 'built-in', dial, answerXml });
  await send('/v1/campaigns/begun/start', {}, 200);
  await send('/v1/do-not-call', { numbers: ['+919811042042'], reason: 'asked for it' }, 200);
  await create('/v1/workspaces', { id: 'closed-one' });
  await create('/v1/keys', { name: 'Narrow', role: 'operator', scopes: ['ingest'] });
  await create('/v1/provider-accounts', { authId: 'MAOTHER', token: 'another-token' });
  const links = [await create('/v1/share-links', { campaignId: 'axe' }), await create('/v1/share-links', {})];
  return {
    server,
    browser,
    shared: links.map(({ url }) => url),
    async close() {
      await browser.close();
      server.child.kill('SIGTERM');
      await server.ended;
      folder.remove();
    },
  };
}

function sender({ url }: ServerProcess) {
  return async (path: string, body: unknown, status: number): Promise<{ url: string }> => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(response.status).toBe(status);
    return response.json();
  };
}

/** What is to be looked at: an address, something to wait for, and a button that opens a dialog. */
interface Place {
  readonly path: string;
  readonly text: string;
  readonly dialogs?: readonly RegExp[];
  /** Items of the campaign’s menu, which open dialogs too. */
  readonly items?: readonly RegExp[];
}

const places: readonly Place[] = [
  { path: '/', text: 'Looked at' },
  { path: '/campaigns/axe', text: 'Looked at', dialogs: [/^Share$/] },
  { path: '/campaigns/drafted', text: 'Contacts are missing', dialogs: [/^Start$/] },
  {
    path: '/campaigns/begun',
    text: 'There is nobody on its list',
    dialogs: [/^Pause$/],
    items: [/^Change pace/, /^Calling hours/, /^Add contacts/, /^History/, /^Cancel the campaign/],
  },
  { path: '/new', text: 'How it dials' },
  { path: '/new/drafted/contacts', text: 'Nobody is on its list yet' },
  { path: '/new/drafted/review', text: 'Nobody is on the list yet' },
  { path: '/settings/control', text: 'None is set', dialogs: [/^Set it up$/] },
  {
    path: '/settings/do-not-call',
    text: 'asked for it',
    dialogs: [/^Add numbers$/, /^Upload a file$/, /^Remove/],
  },
  { path: '/settings/keys', text: 'Narrow', dialogs: [/^New key$/, /^Rotate Narrow/, /^Revoke Narrow/] },
  { path: '/settings/accounts', text: 'MAOTHER', dialogs: [/^Add account$/, /^Add a token/, /^Limits/, /^Remove/] },
  { path: '/settings/workspaces', text: 'closed-one', dialogs: [/^New workspace$/, /^Change closed-one/] },
  { path: '/settings/audit', text: 'key.created' },
];

async function lookAt(page: Page, what: string): Promise<void> {
  expect(await findings(page), what).toEqual([]);
  expect(await overflowOf(page), `${what} scrolls sideways`).toBeLessThanOrEqual(0);
}

async function openMenu(page: Page, what: string): Promise<void> {
  await page.getByRole('button', { name: 'More about this campaign' }).click();
  await lookAt(page, what);
}

/** How pages are looked at. */
export interface Look {
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
}

/** Looks at every page and dialog, at the first one in the first way, at the next one in the next. */
export async function lookAtAll({ server, browser, shared }: EveryPage, ...looks: readonly Look[]): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  let turn = 0;
  const open = async (url: string): Promise<string> => {
    const { colorScheme, width } = must(looks[turn++ % looks.length], 'a way to look');
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(url);
    return `${url.replace(server.url, '')} in ${colorScheme} at ${width} px`;
  };
  const signInPage = await open(`${server.url}/sign-in`);
  await page.getByRole('button', { name: /sign in/i }).waitFor();
  await lookAt(page, signInPage);
  for (const url of shared) {
    const sharedPage = await open(url);
    await page.getByText('Looked at').first().waitFor();
    await lookAt(page, sharedPage);
  }
  const wrongLink = await open(`${server.url}/s/none#none`);
  await page.getByRole('heading').waitFor();
  await lookAt(page, wrongLink);
  await signIn(context, server.url, KEY);
  for (const place of places) await lookAtPlace(page, place, await open(server.url + place.path));
  await context.close();
}

async function lookAtPlace(page: Page, { text, dialogs = [], items = [] }: Place, what: string): Promise<void> {
  await page.getByText(text).first().waitFor();
  await lookAt(page, what);
  for (const name of [...dialogs, ...items]) {
    if (items.includes(name)) await openMenu(page, `${what}, the menu`);
    await page
      .getByRole(items.includes(name) ? 'menuitem' : 'button', { name })
      .first()
      .click();
    await page.getByRole('dialog').waitFor();
    await lookAt(page, `${what}, ${name}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
}
