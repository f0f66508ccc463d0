import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { hangup, KEY, type TestServer, testServer } from '../packages/server/src/testing/running-server.ts';
import { launchChromium } from './chromium.ts';
import { complaintsOf, signIn } from './page.ts';

/** A server with something on every page, and a browser. */
export interface Scene {
  readonly server: TestServer;
  readonly browser: Browser;
  /** URL of a share link to the campaign `called`. */
  readonly shared: string;
  /** Opens a signed-in page. `complaints` fills with what it complains of. */
  open(from?: Browser): Promise<{ page: Page; complaints: string[] }>;
  /** A context that `closePages` closes. */
  context(from?: Browser): Promise<BrowserContext>;
  closePages(): Promise<void>;
  stop(): Promise<void>;
}

/** Every page, with a text that it shows when it works. */
export const PAGES: readonly (readonly [path: string, text: string])[] = [
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

export async function startScene(): Promise<Scene> {
  const server = await testServer();
  const browser = await launchChromium();
  const shared = await fill(server);
  const opened: BrowserContext[] = [];
  const closePages = async (): Promise<void> => {
    for (const context of opened.splice(0)) await context.close();
  };
  const context = async (from = browser): Promise<BrowserContext> => {
    const made = await from.newContext();
    opened.push(made);
    return made;
  };
  return {
    ...{ server, browser, shared, context, closePages },
    open: async (from = browser) => {
      const made = await context(from);
      await signIn(made, server.url, KEY);
      const page = await made.newPage();
      return { page, complaints: complaintsOf(page) };
    },
    stop: async () => {
      await closePages();
      await browser.close();
      await server.stop();
    },
  };
}

/** @returns the URL of a share link */
async function fill(server: TestServer): Promise<string> {
  const made = async (path: string, body: unknown): Promise<{ url: string }> => {
    const response = await server.send('POST', path, body);
    expect([path, response.status]).toEqual([path, 201]);
    return response.json();
  };
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
  return (await made('/v1/share-links', { campaignId: 'called' })).url;
}
