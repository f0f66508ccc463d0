import { describe, expect, it } from 'vitest';
import type { QueueItem } from './delivery-queue.ts';
import { addLine, doneLine, readLines } from './journal-lines.ts';

function item(id: string): QueueItem {
  const json = JSON.stringify({ method: 'POST', url: 'https://h/p', headers: { a: 'b\n' }, body: `To=ä&id=${id}\n` });
  return { id, receivedAt: 1_700_000_000_000, json, bytes: Buffer.byteLength(json) };
}

describe('a queue file', () => {
  it('says what waits', () => {
    const text = [addLine(item('a')), addLine(item('b')), doneLine('a'), addLine(item('c'))].join('');
    expect(readLines(text)).toEqual({ items: [item('b'), item('c')], damaged: 0 });
  });

  it('may end in the middle of a line, as a crash leaves it', () => {
    const text = addLine(item('a')) + addLine(item('b')).slice(0, 40);
    expect(readLines(text)).toEqual({ items: [item('a')], damaged: 0 });
  });

  it('may be damaged elsewhere, which is counted', () => {
    const noCallbacks = [
      'null',
      '7',
      '{}',
      '{"method":"PUT","url":"u","headers":{},"body":""}',
      '{"method":"GET","url":7,"headers":{},"body":""}',
      '{"method":"GET","url":"u","headers":{},"body":7}',
      '{"method":"GET","url":"u","headers":null,"body":""}',
    ];
    const lines = ['{"add":', '\0\0\0', '{"add":"x"}', 'null'].concat(
      noCallbacks.map((callback) => `{"add":"x","receivedAt":1,"callback":${callback}}`),
    );
    const text = lines.map((line) => `${line}\n`).join('') + addLine(item('a'));
    expect(readLines(text)).toEqual({ items: [item('a')], damaged: lines.length });
  });

  it('may be empty', () => {
    expect(readLines('')).toEqual({ items: [], damaged: 0 });
  });
});
