import { describe, expect, it } from 'vitest';
import { noFaults } from '../faults.ts';
import { readFaultOrder } from './fault-order.ts';

describe('an order of faults', () => {
  it('changes what it names, and says what the next requests meet', () => {
    const order = { shares: { 'lost-answer': 0.1 }, hangMs: 5, callbacks: { drop: 0.5 }, next: ['hang', 'hang'] };
    expect(readFaultOrder(JSON.stringify(order))).toEqual({
      ok: true,
      changes: { shares: { 'lost-answer': 0.1 }, hangMs: 5, callbacks: { ...noFaults, drop: 0.5 } },
      next: ['hang', 'hang'],
    });
    expect(readFaultOrder('{}')).toEqual({ ok: true, changes: {}, next: [] });
  });

  it.each([
    ['[]', 'the body must be a JSON object'],
    ['{', 'the body must be a JSON object'],
    ['{"lost-answer":1}', 'there is no setting lost-answer'],
    ['{"shares":{"lost":1}}', 'shares cannot be used'],
    ['{"shares":{"hang":2}}', 'shares cannot be used'],
    ['{"next":["nothing"]}', 'next cannot be used'],
    ['{"slowMs":-1}', 'slowMs cannot be used'],
    ['{"reads":"0.5"}', 'reads cannot be used'],
    ['{"forbidden":"+91"}', 'forbidden cannot be used'],
    ['{"callbacks":{"dropped":1}}', 'callbacks cannot be used'],
  ])('%s is refused: %s', (text, error) => {
    expect(readFaultOrder(text)).toEqual({ ok: false, error });
  });
});
