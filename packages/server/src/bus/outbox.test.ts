import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { topicOfCampaign, topicOfWorkspace } from './bus.ts';
import { type Message, Outbox, touchedIn } from './outbox.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function outbox() {
  const sent: Message[][] = [];
  return { sent, box: new Outbox('me', (messages) => sent.push([...messages])) };
}

it('sends of a campaign only the newest version, once in fifty milliseconds', () => {
  const { box, sent } = outbox();
  box.add([{ workspace: 'w', campaignId: 'c', version: 2 }]);
  box.add([{ workspace: 'w', campaignId: 'c', version: 3 }]);
  box.add([{ workspace: 'w', campaignId: 'c', version: 1 }]);
  vi.advanceTimersByTime(49);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.map(({ topic }) => topic)).toEqual([
    topicOfCampaign({ workspace: 'w', campaignId: 'c' }),
    topicOfWorkspace('w'),
  ]);
  for (const { text } of sent[0] ?? []) {
    expect(touchedIn(text, 'another')).toEqual([{ workspace: 'w', campaignId: 'c', version: 3 }]);
  }
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(1);
});

it('sends no message that PostgreSQL would not carry', () => {
  const { box, sent } = outbox();
  const touched = Array.from({ length: 200 }, (_, n) => ({
    ...{ workspace: 'w'.repeat(64), campaignId: `${n}${':'.repeat(124)}`, version: 1e12 },
  }));
  box.add(touched);
  box.flush();
  expect(Math.max(...(sent[0] ?? []).map(({ text }) => Buffer.byteLength(text)))).toBeLessThan(8_000);
  const ofWorkspace = (sent[0] ?? []).filter(({ topic }) => topic === topicOfWorkspace('w'.repeat(64)));
  expect(ofWorkspace.flatMap(({ text }) => touchedIn(text, 'another'))).toEqual(touched);
});

it('hears neither itself nor what makes no sense', () => {
  const { box, sent } = outbox();
  box.add([{ workspace: 'w', campaignId: 'c', version: 3 }]);
  box.flush();
  expect(touchedIn(sent[0]?.[0]?.text ?? '', 'me')).toEqual([]);
  for (const text of ['', 'null', '[]', '["x"]', '["x",[1,null,["w","c"],["w","c","3"],["w","c",0.5]]]', '{}']) {
    expect(touchedIn(text, 'me')).toEqual([]);
  }
});
