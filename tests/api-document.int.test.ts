import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestServer, testServer } from '../packages/server/src/testing/running-server.ts';

const methods = 'GET|POST|PUT|PATCH|DELETE';
const document = readFileSync(new URL('../docs/api.md', import.meta.url), 'utf8');
const sectionAt = document.indexOf('\n## Every route\n');

/** No document of this form describes a WebSocket. */
const undescribed = ['GET /v1/live'];

/** What the server itself describes, with the parameters as the documents write them. */
let described: Set<string>;
let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  const { paths } = (await (await server.get('/openapi.json')).json()) as { paths: Record<string, object> };
  described = new Set(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    ),
  );
});
afterAll(() => server.stop());

/** Routes of the table: a row's first cell holds a method and path, and further methods of the same path. */
function listed(): string[] {
  const rows = document.slice(sectionAt).matchAll(/^\| (`[^|]+`) \|/gm);
  return [...rows].flatMap(([, cell = '']) => {
    const [first = '', ...others] = [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    const path = first.slice(first.indexOf(' '));
    return [first, ...others.map((method) => method + path)];
  });
}

it('lists every route of the server once, and no other', () => {
  expect(listed().toSorted()).toEqual([...described].toSorted());
});

it('speaks of no route that there is not', () => {
  const known = new Set([...described, ...undescribed].map(withoutNames));
  const spoken = [...document.matchAll(new RegExp(`\`((?:${methods}) /[^\`? ]*)`, 'g'))].map(([, route = '']) => route);
  expect(spoken.length).toBeGreaterThan(described.size / 2);
  expect(spoken.filter((route) => !known.has(withoutNames(route)))).toEqual([]);
});

/** Texts call a parameter what they like. */
function withoutNames(route: string): string {
  return route.replace(/:\w+/g, ':');
}
