import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callOf, joinCalls } from './call.ts';
import { callFromText, callToText } from './call-text.ts';
import { deliveryFromText, deliveryToText } from './delivery-text.ts';
import type { CallDelivery } from './event.ts';
import { deliveries } from './testing/deliveries.ts';

const runs = { numRuns: 200 };

describe('the text of a delivery', () => {
  it('gives the delivery back', () => {
    fc.assert(
      fc.property(deliveries, (list) => {
        expect(list.map((delivery) => deliveryFromText(deliveryToText(delivery)))).toStrictEqual(list);
      }),
      runs,
    );
  });
});

describe('the text of a call', () => {
  it('gives the call back, whatever was said about it', () => {
    fc.assert(
      fc.property(deliveries, (list) => {
        const calls = list.filter((delivery): delivery is CallDelivery => delivery.about === 'call').map(callOf);
        fc.pre(calls.length > 0);
        const call = calls.reduce(joinCalls);
        const score = { status: 'warm', score: 40, reasons: ['talked 95 s: +40'] } as const;
        expect(callFromText(callToText(call))).toStrictEqual(call);
        expect(callFromText(callToText({ ...call, score }))).toStrictEqual({ ...call, score });
      }),
      runs,
    );
  });
});
