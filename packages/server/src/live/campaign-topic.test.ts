import { emptyRollup, newCampaignState, report } from '@ringside/core';
import type { Report } from '@ringside/protocol';
import { describe, expect, it } from 'vitest';
import { CampaignTopic } from './campaign-topic.ts';
import type { LiveText } from './live-text.ts';
import { MOST_BACKLOG_BYTES, type Subscriber } from './subscriber.ts';

function reportAt(version: number): Report {
  const input = {
    campaignId: 'c',
    state: { ...newCampaignState, version },
    rollup: emptyRollup(),
    recentCalls: [],
    epoch: 'e',
    forecast: null,
  };
  return report(input, { at: 0, revision: `e.${version}.0` });
}

/** A reader whose network can be stopped. */
function reader(mask: Subscriber['mask'] = 'full') {
  const received: LiveText[] = [];
  const network = { backlog: 0, fellBehind: 0 };
  const subscriber: Subscriber = {
    mask,
    backlog: () => network.backlog,
    send: (text) => received.push(text),
    fellBehind: () => {
      network.fellBehind += 1;
    },
  };
  return { subscriber, received, network, types: () => received.map(({ type }) => type) };
}

function topicOver() {
  const at = { version: 1 };
  let reads = 0;
  const topic = new CampaignTopic('c', async () => {
    reads += 1;
    const now = reportAt(at.version);
    return { report: now, etag: '', body: Buffer.alloc(0) };
  });
  return { topic, at, reads: () => reads };
}

describe('a campaign topic', () => {
  it('sends a snapshot, then patches', async () => {
    const { topic, at } = topicOver();
    const one = reader();
    await topic.join(one.subscriber);
    at.version = 2;
    await topic.refresh();
    await topic.refresh();
    expect(one.types()).toEqual(['snapshot', 'patch']);
    expect(JSON.parse(one.received[1]?.json ?? '')).toMatchObject({
      from: 'e.1.0',
      revision: 'e.2.0',
      patch: { version: 2 },
    });
  });

  it('skips a reader that does not drain, and sends it a fresh snapshot when it does', async () => {
    const { topic, at } = topicOver();
    const [slow, fast] = [reader(), reader()];
    await topic.join(slow.subscriber);
    await topic.join(fast.subscriber);
    slow.network.backlog = MOST_BACKLOG_BYTES + 1;
    for (at.version = 2; at.version < 50; at.version++) await topic.refresh();
    expect(slow.types()).toEqual(['snapshot']);
    expect(fast.received).toHaveLength(49);
    expect([slow.network.fellBehind, fast.network.fellBehind]).toEqual([1, 0]);
    slow.network.backlog = 0;
    await topic.refresh();
    expect(slow.types()).toEqual(['snapshot', 'snapshot']);
    expect(slow.received[1]?.revision).toBe('e.50.0');
  });

  it('serialises once for all readers of a mask class, and reads once', async () => {
    const { topic, at, reads } = topicOver();
    const readers = Array.from({ length: 100 }, () => reader());
    for (const { subscriber } of readers) await topic.join(subscriber);
    const before = reads();
    at.version = 2;
    await topic.refresh();
    expect(reads() - before).toBe(1);
    const texts = new Set(readers.map(({ received }) => received.at(-1)));
    expect(texts.size).toBe(1);
  });

  it('serialises a snapshot once for all who ask for it at one revision, and however often', async () => {
    const { topic, at } = topicOver();
    const readers = [reader(), reader(), reader('masked')];
    for (const { subscriber } of readers) await topic.join(subscriber);
    for (let again = 0; again < 3; again += 1) await topic.join(readers[0]?.subscriber ?? reader().subscriber);
    const snapshots = new Set(readers.slice(0, 2).flatMap(({ received }) => received));
    expect(snapshots.size).toBe(1);
    expect(readers[2]?.received[0]).not.toBe([...snapshots][0]);
    at.version = 2;
    await topic.refresh();
    await topic.join(readers[1]?.subscriber ?? reader().subscriber);
    expect(readers[1]?.received.at(-1)).toMatchObject({ type: 'snapshot', revision: 'e.2.0' });
  });

  it('brings a reader that joins between two refreshes onto the common revision', async () => {
    const { topic, at } = topicOver();
    const early = reader();
    await topic.join(early.subscriber);
    at.version = 2;
    const late = reader();
    await topic.join(late.subscriber);
    await topic.refresh();
    expect(late.received.at(-1)?.revision).toBe('e.2.0');
    expect(early.received.at(-1)?.revision).toBe('e.2.0');
  });
});
