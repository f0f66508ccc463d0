import { expect, it } from 'vitest';
import { prefersHtml } from './accept.ts';

it.each([
  'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'text/html',
  'TEXT/HTML; charset=utf-8',
  'text/*, application/json;q=0.5',
  'application/json;q=0.1, text/html;q=0.2',
])('%s prefers HTML', (accept) => {
  expect(prefersHtml(accept)).toBe(true);
});

it.each([
  undefined,
  '',
  '*/*',
  'application/json',
  'application/problem+json, */*;q=0.1',
  'text/html, application/json',
  'text/html;q=0, */*',
  'text/html;q=much',
  ',;q=;,',
  'image/avif,image/webp,*/*;q=0.8',
])('%s does not', (accept) => {
  expect(prefersHtml(accept)).toBe(false);
});
