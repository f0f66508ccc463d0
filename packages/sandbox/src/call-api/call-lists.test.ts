import { describe, expect, it } from 'vitest';
import { listRecords } from './call-lists.ts';
import type { PlacedCall } from './placed-call.ts';

const END = Date.parse('2024-10-22T11:10:48.400Z');
const context = { authId: 'MA1', zone: 'Asia/Kolkata', now: END + 1_000_000, apiId: 'id', lateSeconds: 0 };

function over(index: number, changes: Partial<PlacedCall> = {}): PlacedCall {
  const endedAt = END + index * 60_000;
  return {
    ...{ callUuid: `u-${index}`, number: `+91900000000${index}`, caller: '+918035735601', ended: true, endedAt },
    ...{ initiatedAt: endedAt - 30_000, answeredAt: null, code: 3010, source: 'Carrier', ...changes },
  } as PlacedCall;
}
const calls = [over(0), over(1), over(2, { code: 4000, source: 'Callee' }), over(3, { caller: '+918035735602' })];

function found(query: string) {
  const listed = listRecords(calls, new URLSearchParams(query), context);
  if (!listed.ok) return listed.error;
  const { objects } = listed.body as { objects: { call_uuid: string }[] };
  return objects.map(({ call_uuid: id }) => id).join(' ');
}

describe('a list of call-detail records', () => {
  it.each([
    ['', 'u-3 u-2 u-1 u-0'],
    ['to_number=919000000001', 'u-1'],
    ['to_number=%2B919000000001', 'u-1'],
    ['from_number=35602', 'u-3'],
    ['to_number=91900000000&from_number=918035735601&limit=2', 'u-2 u-1'],
    ['hangup_cause_code=4000', 'u-2'],
    ['hangup_source=Carrier&offset=1', 'u-1 u-0'],
    ['call_direction=inbound', ''],
    ['end_time__gt=2024-10-22 11:10:48', 'u-3 u-2 u-1'],
    ['end_time__gte=2024-10-22 11:10:48', 'u-3 u-2 u-1 u-0'],
    ['end_time__gte=2024-10-22 11:11&end_time__lte=2024-10-22 11:12:48', 'u-2 u-1'],
    ['end_time__lt=2024-10-22 11:11:48.500000', 'u-1 u-0'],
    ['end_time=2024-10-22 11:12:48', 'u-2'],
    ['limit=0', 'limit must be from 1 to 20'],
    ['limit=21', 'limit must be from 1 to 20'],
    ['offset=x', 'offset must be a whole number'],
    ['end_time__gte=yesterday', 'end_time__gte cannot be read'],
    ['initiation_time__gte=2024-10-22 11:10', 'there is no filter initiation_time__gte'],
  ])('%s: %s', (query, expected) => {
    expect(found(query)).toBe(expected);
  });

  it('has no record that is not written yet', () => {
    const now = END + 60_000 + 30_000;
    const listed = listRecords(calls, new URLSearchParams(), { ...context, now, lateSeconds: 30 });
    expect(listed).toMatchObject({ body: { meta: { total_count: 2 } } });
  });
});
