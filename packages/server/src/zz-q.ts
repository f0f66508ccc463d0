import { DatabaseSync } from '@photostructure/sqlite';
import { Reader } from '/work/main/packages/server/src/store/sqlite/reader.ts';

const r = new Reader('/tmp/dd/big');
const none = {
  outcomes: null,
  leads: null,
  code: null,
  digits: null,
  endedFrom: null,
  endedBefore: null,
  minTalk: null,
  maxTalk: null,
  answeredBy: null,
  state: null,
};
const list = async (label: string, filter: object, over: object = {}) => {
  for (let i = 0; i < 2; i++) {
    const t = performance.now();
    const gap = 0,
      last = t;
    const iv = setInterval(() => {}, 0);
    const p = await r.calls('default', 'big', {
      filter: { ...none, ...filter },
      sort: 'endTime',
      order: 'desc',
      limit: 50,
      cursor: null,
      mask: 'full',
      ...over,
    } as never);
    clearInterval(iv);
    console.log(label, (performance.now() - t).toFixed(1) + ' ms', p.outcome === 'page' ? p.items.length : p);
  }
};
await list('default', {});
await list('live', { state: 'live' });
await list('asc', {}, { order: 'asc' });
await list('busy', { outcomes: ['busy'] });
await list('number rare', { digits: '00999999' });
await list('number none', { digits: '123123123' });
await list('start', {}, { sort: 'startTime' });
await list('duration', {}, { sort: 'duration' });
await list('duration busy', { outcomes: ['completed'], minTalk: 398 }, { sort: 'duration' });
let t = performance.now();
let after = null,
  n = 0,
  bytes = 0,
  max = 0;
for (;;) {
  const s = performance.now();
  const p: any = await r.callsPiece('default', 'big', { filter: none, format: 'csv', mask: 'full' } as never, after);
  max = Math.max(max, performance.now() - s);
  bytes += p.bytes.length;
  n++;
  after = p.next;
  if (after === null || n === 100) break;
}
console.log('100 pieces csv', performance.now() - t, bytes, 'max', max);
t = performance.now();
after = null;
n = 0;
for (;;) {
  const p: any = await r.callsPiece('default', 'big', { filter: none, format: 'ndjson', mask: 'full' } as never, after);
  n++;
  after = p.next;
  if (after === null || n === 100) break;
}
console.log('100 pieces ndjson', performance.now() - t);
t = performance.now();
after = null;
n = 0;
for (;;) {
  const p: any = await r.contactsPiece(
    'default',
    'big',
    { filter: { states: null, leads: null }, format: 'ndjson', mask: 'full' } as never,
    { closed: false, retry: null, now: Date.now() },
    after,
  );
  n++;
  after = p.next;
  if (after === null || n === 100) break;
}
console.log('100 pieces contacts ndjson', performance.now() - t);
t = performance.now();
console.log(
  (
    (await r.contacts(
      'default',
      'big',
      { filter: { states: null, leads: ['hot'] }, limit: 50, cursor: null, mask: 'full' },
      { closed: false, retry: null, now: 0 },
    )) as any
  ).items.length,
  performance.now() - t,
);
const db = new DatabaseSync('/tmp/dd/big/ringside.db', { readOnly: true });
const fs = await import('node:fs');
for (const f of [
  'calls-stretch-down',
  'calls-stretch-up',
  'call-keys',
  'calls-newest',
  'call-id-by-alias',
  'contacts-page',
]) {
  const sql = fs.readFileSync('/work/main/packages/server/sql/sqlite/' + f + '.sql', 'utf8');
  console.log(
    f,
    db
      .prepare('EXPLAIN QUERY PLAN ' + sql)
      .all()
      .map((x: any) => x.detail),
  );
}
