import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lastChangeOf } from './campaign.ts';
import type { Delivery } from './event.ts';
import { MemoryCampaign } from './memory-campaign.ts';
import { knownAt } from './replay.ts';
import { commandDeliveries } from './testing/command-deliveries.ts';
import { deliveries, T0 } from './testing/deliveries.ts';
import { ended, initiated, said } from './testing/said.ts';

it('a report as of a moment is the one a server would have shown that heard everything at once when it happened', () => {
  fc.assert(
    fc.property(deliveries, fc.integer({ min: 0, max: 45 }), (list, step) => {
      const asOf = T0 + step * 7_500;
      // What a server had heard by then, event by event in the order of time, each delivered alone.
      const heard = list
        .flatMap((delivery): { at: number; delivery: Delivery }[] => {
          if (delivery.about === 'campaign') return [{ at: delivery.at, delivery }];
          return delivery.events.map((event) => {
            const alone = { ...delivery, hash: `${delivery.hash}${event.type}`, events: [event] };
            return { at: event.at, delivery: alone };
          });
        })
        .filter(({ at }) => at <= asOf)
        .sort((a, b) => a.at - b.at);
      const live = new MemoryCampaign();
      for (const { delivery } of heard) live.apply([delivery]);
      const replayed = new MemoryCampaign();
      replayed.apply(list.map((delivery) => knownAt(delivery, asOf)).filter((delivery) => delivery !== null));
      // One delivery of several events is stamped by the latest of them, single ones each by their own time, so where
      // two sources contradict each other the winner may differ; counts of people and calls may not.
      expect(replayed.report(asOf).progress.attempts).toEqual(live.report(asOf).progress.attempts);
      expect(replayed.report(asOf).callMetrics.activeCalls).toEqual(live.report(asOf).callMetrics.activeCalls);
    }),
  );
});

it('goes by the dates of commands, also where they were dated ahead of a clock that was set back', () => {
  let ahead = 0;
  fc.assert(
    fc.property(deliveries, commandDeliveries(T0 + 120_000), fc.nat(), (list, said, which) => {
      const asOf = said[which % said.length]?.at ?? T0;
      if (said.some(({ at, receivedAt }) => at === asOf && at > receivedAt)) ahead += 1;
      const all = [...list, ...said];
      const fresh = new MemoryCampaign();
      fresh.apply(all.filter((delivery) => delivery.about === 'campaign' && delivery.at <= asOf));
      const replayed = new MemoryCampaign();
      replayed.apply(all.map((delivery) => knownAt(delivery, asOf)).filter((delivery) => delivery !== null));
      expect(lastChangeOf(replayed.state.campaign)).toEqual(lastChangeOf(fresh.state.campaign));
      expect(replayed.state.campaign).toEqual(fresh.state.campaign);
    }),
  );
  console.log(`moments of commands dated ahead of the clock: ${ahead} of 100`);
  expect(ahead).toBeGreaterThan(0);
});

it('leaves out what came later, event by event', () => {
  const hangup = said({ call: 'x' }, initiated(T0), ended(T0 + 60_000, { status: 'busy' }));
  expect(knownAt(hangup, T0 - 1)).toBeNull();
  expect(knownAt(hangup, T0 + 59_999)).toMatchObject({ events: [{ type: 'initiated' }] });
  expect(knownAt(hangup, T0 + 60_000)).toBe(hangup);
});
