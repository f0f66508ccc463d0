import type { Report } from '@ringside/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alone, type Freshness } from '../bus/watch.ts';
import type { OverviewService } from '../reports/overview.ts';
import type { ReportCache, ServedReport } from '../reports/report-cache.ts';
import { LiveHub } from './hub.ts';
import type { LiveText } from './live-text.ts';
import type { Subscriber } from './subscriber.ts';

let hub: LiveHub;
let viewed: Set<string>;
/** How reports are read: a test may let one wait, or fail. */
let read: () => Promise<ServedReport | null>;
let version: number;

const served = (): ServedReport => {
  const report = { revision: `e.${version}.idle`, recentActivity: [] as unknown } as Report;
  return { report, etag: '', body: Buffer.alloc(0) };
};

beforeEach(() => {
  viewed = new Set();
  version = 1;
  read = async () => served();
  const freshness: Freshness = {
    ...alone,
    viewed: (_workspace, id) => void viewed.add(String(id)),
    left: (_workspace, id) => void viewed.delete(String(id)),
  };
  const reports = { get: () => read() } as unknown as ReportCache;
  hub = new LiveHub(reports, {} as OverviewService, () => {}, freshness);
});
afterEach(() => hub.stop());

function subscriber() {
  const got: LiveText[] = [];
  const one: Subscriber = { mask: 'full', send: (text) => got.push(text), fellBehind: () => {}, backlog: () => 0 };
  return { one, types: () => got.map(({ type }) => type) };
}

const touch = (): void => {
  version += 1;
  hub.touch([{ workspace: 'w', campaignId: 'c', version }]);
};

it('keeps a reader up to date whose first report came after the only other reader had left', async () => {
  const [first, second] = [subscriber(), subscriber()];
  await hub.joinCampaign('w', 'c', first.one);
  let answer = (): void => {};
  read = () =>
    new Promise((resolve) => {
      answer = () => resolve(served());
    });
  const joined = hub.joinCampaign('w', 'c', second.one);
  hub.leaveCampaign('w', 'c', first.one);
  answer();
  await joined;
  read = async () => served();
  touch();
  await expect.poll(second.types).toEqual(['snapshot', 'patch']);
  hub.leaveCampaign('w', 'c', second.one);
  expect(viewed).toEqual(new Set());
});

it('follows nothing for a reader whose report could not be read', async () => {
  read = () => Promise.reject(new Error('away'));
  await expect(hub.joinCampaign('w', 'c', subscriber().one)).rejects.toThrow('away');
  read = async () => null;
  expect(await hub.joinCampaign('w', 'd', subscriber().one)).toBeNull();
  expect(viewed).toEqual(new Set());
});
