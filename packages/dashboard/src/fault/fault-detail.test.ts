import { PageFault } from '@ringside/protocol';
import { expect, test } from 'vitest';
import { detailText, pageFault } from './fault-detail.ts';

test('the facts of a fault are few lines to pass on', () => {
  const error = new RangeError('no such zone');
  error.stack =
    'RangeError: no such zone\n    at Ct (http://127.0.0.1:4000/assets/new-page-BC-h_N.js?v=1:1:2345)\n    at index.js:1:1';
  const fault = pageFault(error, '/new');
  expect(PageFault.parse(fault)).toEqual(fault);
  expect(detailText(fault, Date.UTC(2026, 10, 23, 10)).split('\n')).toEqual([
    'message: RangeError: no such zone',
    'address: /new',
    'code: new-page-BC-h_N.js:1:2345',
    `version: ${fault.version}`,
    'time: 2026-11-23T10:00:00.000Z',
  ]);
});

test('no secret and no number is among them', () => {
  const secret = `rsk_${'x'.repeat(43)}`;
  const fault = pageFault(new Error(`${'é'.repeat(190)} ${secret} +919876543210`), `/campaigns/919876543210`);
  expect(JSON.stringify(fault)).not.toMatch(/rsk_|98765/);
  expect(fault.address).toBe('/campaigns/…');
});

test.each([undefined, null, 'text', 5, {}, new Error(''), new Error('💥'.repeat(500)), { message: 5 }])(
  'whatever was thrown, such as %s, makes a report that the server takes',
  (thrown) => {
    expect(PageFault.safeParse(pageFault(thrown, '/')).success).toBe(true);
    const named = Object.assign(new Error('x'), { stack: undefined });
    expect(pageFault(named, '/').place).toBeNull();
  },
);
