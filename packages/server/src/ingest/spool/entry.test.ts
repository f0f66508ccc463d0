import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { viewSpool } from '../../cli/spool/look.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import { readDeadLetter, readEntry } from './entry.ts';
import { segmentName } from './spool-files.ts';

const entry = { kind: 'delivery', receivedAt: Date.UTC(2026, 10, 23), workspace: 'default' };
const garbage = ['soon', '5', null, -1e300, 8.64e15, {}, [5], undefined];

it('a line of the spool has the time at which it came in', () => {
  expect(readEntry(JSON.stringify(entry))).toEqual(entry);
  for (const receivedAt of garbage) {
    const line = JSON.stringify({ ...entry, receivedAt });
    expect(readEntry(line), line).toBeNull();
    expect(readDeadLetter(JSON.stringify({ at: 'x', why: 'x', what: { ...entry, receivedAt } })), line).toBeNull();
  }
});

it('a spool with times that nobody can read is shown all the same', async () => {
  const folder = temporaryFolder();
  const lines = [entry, ...garbage.map((receivedAt) => ({ ...entry, receivedAt }))].map((line) => JSON.stringify(line));
  writeFileSync(
    join(folder.path, segmentName(1)),
    `${[...lines, '{"kind":"delivery","receivedAt":1e300}'].join('\n')}\n`,
  );
  const { waiting } = await viewSpool(folder.path);
  expect(waiting).toMatchObject({ records: lines.length + 1, oldestAt: '2026-11-23T00:00:00Z' });
  folder.remove();
});
