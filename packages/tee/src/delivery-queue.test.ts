import { describe, expect, it } from 'vitest';
import { DeliveryQueue, type QueueItem } from './delivery-queue.ts';

const limits = { maxItems: 3, maxBytes: 100, maxAgeMs: 1_000 };

function item(id: string, bytes = 10, receivedAt = 0): QueueItem {
  return { id, receivedAt, json: id, bytes };
}

function queueOf(...items: QueueItem[]): DeliveryQueue {
  const queue = new DeliveryQueue(limits);
  for (const one of items) queue.add(one);
  return queue;
}

const idsOf = (items: Iterable<QueueItem>): string[] => [...items].map(({ id }) => id);

describe('the bounds', () => {
  it('drop the oldest when there are too many', () => {
    const queue = queueOf(item('a'), item('b'), item('c'));
    expect(idsOf(queue.add(item('d')))).toEqual(['a']);
    expect(idsOf(queue.items())).toEqual(['b', 'c', 'd']);
    expect(queue.bytes).toBe(30);
  });

  it('drop as many as it takes when they are too large', () => {
    const queue = queueOf(item('a', 40), item('b', 40));
    expect(idsOf(queue.add(item('c', 70)))).toEqual(['a', 'b']);
    expect(queue.bytes).toBe(70);
  });

  it('drop what is larger than all that may wait', () => {
    const queue = queueOf();
    expect(idsOf(queue.add(item('a', 101)))).toEqual(['a']);
    expect([queue.size, queue.bytes, queue.hasReady]).toEqual([0, 0, false]);
  });

  it('spare what is under way', () => {
    const queue = queueOf(item('a'), item('b'), item('c'));
    expect(queue.take(0)?.id).toBe('a');
    expect(idsOf(queue.add(item('d')))).toEqual(['b']);
    expect(queue.underWay).toBe(1);
  });

  it('let nothing become too old', () => {
    const queue = queueOf(item('a', 1, 0), item('b', 1, 500));
    expect(idsOf(queue.expire(999))).toEqual([]);
    expect(idsOf(queue.expire(1_000))).toEqual(['a']);
    expect(idsOf(queue.items())).toEqual(['b']);
  });
});

describe('the order', () => {
  it('is that of arrival, and what failed comes after the rest', () => {
    const queue = queueOf(item('a'), item('b'));
    queue.take(0);
    queue.retry('a');
    expect([queue.take(0)?.id, queue.take(0)?.id, queue.take(0)]).toEqual(['b', 'a', null]);
  });

  it('lets a delayed item wait for its time', () => {
    const queue = queueOf(item('a'));
    queue.take(0);
    queue.delay('a', 50);
    expect([queue.nextDelayed, queue.hasReady, queue.underWay]).toEqual([50, false, 0]);
    expect(queue.take(49)).toBeNull();
    expect(queue.take(50)?.id).toBe('a');
    expect(queue.nextDelayed).toBe(Number.POSITIVE_INFINITY);
  });

  it('forgets what was removed, whatever its state', () => {
    const queue = queueOf(item('under way'), item('delayed'), item('ready'));
    queue.take(0);
    queue.take(0);
    queue.delay('delayed', 1);
    for (const id of ['under way', 'delayed', 'ready']) queue.remove(id);
    expect([queue.size, queue.bytes, queue.underWay, queue.hasReady, queue.take(10)]).toEqual([0, 0, 0, false, null]);
    expect(queue.nextDelayed).toBe(Number.POSITIVE_INFINITY);
  });
});
