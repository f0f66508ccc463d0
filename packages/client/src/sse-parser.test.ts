import { expect, test } from 'vitest';
import { SseParser } from './sse-parser.ts';

test('events are cut whatever the pieces they come in', () => {
  const stream = 'event: hello\ndata: {"a":1}\n\nevent: patch\nid: r2\ndata: {"b":\ndata: 2}\n\n: comment\n\n';
  for (const size of [1, 3, 7, 1_000]) {
    const parser = new SseParser();
    const events: string[] = [];
    for (let at = 0; at < stream.length; at += size) events.push(...parser.push(stream.slice(at, at + size)));
    expect(events).toEqual(['{"a":1}', '{"b":\n2}']);
  }
});

test('carriage returns end lines too', () => {
  expect(new SseParser().push('data: 1\r\n\r\ndata:2\r\n\r\n')).toEqual(['1', '2']);
});
