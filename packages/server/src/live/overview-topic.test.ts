import type { Overview } from '@ringside/protocol';
import { expect, it } from 'vitest';
import type { LiveText } from './live-text.ts';
import { OverviewTopic } from './overview-topic.ts';
import type { Subscriber } from './subscriber.ts';

const overviewAt = (revision: string): Overview => ({ revision, campaigns: {} }) as Overview;

function setUp() {
  const readings: ((overview: Overview) => void)[] = [];
  const topic = new OverviewTopic(() => new Promise((resolve) => readings.push(resolve)));
  const got: LiveText[] = [];
  const one: Subscriber = { mask: 'full', send: (text) => got.push(text), fellBehind: () => {}, backlog: () => 0 };
  return { topic, one, readings, revisions: () => got.map(({ revision }) => revision) };
}

it('brings a reader up to date that joined while a refresh was under way', async () => {
  const { topic, one, readings, revisions } = setUp();
  const refreshed = topic.refresh();
  const joined = topic.join(one);
  readings[1]?.(overviewAt('old'));
  await joined;
  readings[0]?.(overviewAt('new'));
  await refreshed;
  expect(revisions()).toEqual(['old', 'new']);
});

it('gives a reader what became known while its own reading was under way', async () => {
  const { topic, one, readings, revisions } = setUp();
  const joined = topic.join(one);
  const refreshed = topic.refresh();
  readings[1]?.(overviewAt('new'));
  await refreshed;
  readings[0]?.(overviewAt('old'));
  await joined;
  expect(revisions()).toEqual(['new']);
});
