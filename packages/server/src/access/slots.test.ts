import { expect, it } from 'vitest';
import { Slots } from './slots.ts';

it('each workspace has so many slots and no more, and gives each back once', () => {
  const slots = new Slots(2);
  const [first, second] = [slots.take('a'), slots.take('a')];
  expect([first, second, slots.take('a')]).toEqual([expect.any(Function), expect.any(Function), null]);
  expect(slots.take('b')).not.toBeNull();
  first?.();
  first?.();
  expect(slots.take('a')).not.toBeNull();
  expect(slots.take('a')).toBeNull();
});
