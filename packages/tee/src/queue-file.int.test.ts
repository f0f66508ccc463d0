import { appendFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { QueueItem } from './delivery-queue.ts';
import { QueueFile } from './queue-file.ts';
import { temporaryFolder } from './testing/ringside.ts';

let folder: string;
let path: string;
let live: Map<string, QueueItem>;
const failed = vi.fn();
const worked = vi.fn();

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'deep', 'queue.ndjson');
  live = new Map();
  failed.mockClear();
  worked.mockClear();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function open(): QueueFile {
  return new QueueFile(path, { waiting: () => live.values(), failed, worked });
}

function item(id: string, size = 10): QueueItem {
  const json = JSON.stringify({ method: 'POST', url: 'https://h/p', headers: {}, body: 'x'.repeat(size) });
  return { id, receivedAt: 1, json, bytes: json.length };
}

function add(file: QueueFile, one: QueueItem): void {
  live.set(one.id, one);
  file.added(one);
}

function remove(file: QueueFile, id: string): void {
  live.delete(id);
  file.removed(id, live.size === 0);
}

const idsOf = (file: QueueFile): string[] => file.load().items.map(({ id }) => id);

describe('a queue file', () => {
  it('gives the next process what waits', async () => {
    const file = open();
    expect(idsOf(file)).toEqual([]);
    for (const id of ['a', 'b', 'c']) add(file, item(id));
    remove(file, 'b');

    expect(await file.close()).toBe(true);

    expect(idsOf(open())).toEqual(['a', 'c']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('holds each change soon, not at the end only', async () => {
    const file = open();
    file.load();
    add(file, item('a'));
    await vi.waitFor(() => expect(idsOf(open())).toEqual(['a']));
    add(file, item('b'));
    await vi.waitFor(() => expect(idsOf(open())).toEqual(['a', 'b']));
    remove(file, 'a');
    await vi.waitFor(() => expect(idsOf(open())).toEqual(['b']));
    await file.close();
  });

  it('is empty when nothing waits', async () => {
    const file = open();
    file.load();
    add(file, item('a'));
    await vi.waitFor(() => expect(idsOf(open())).toEqual(['a']));
    remove(file, 'a');
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('');
  });

  it('stays small although something always waits', async () => {
    const file = open();
    file.load();
    add(file, item('stays'));
    for (let index = 0; index < 60; index += 1) {
      add(file, item(`large-${index}`, 100_000));
      await vi.waitFor(() => expect(idsOf(open())).toContain(`large-${index}`), { interval: 1 });
      remove(file, `large-${index}`);
    }
    await file.close();
    expect((await stat(path)).size).toBeLessThan(1_500_000);
    expect(idsOf(open())).toEqual(['stays']);
    expect(await readdir(join(folder, 'deep'))).toEqual(['queue.ndjson']);
  });

  it('goes on after the half line that a crash left', async () => {
    const first = open();
    first.load();
    add(first, item('a'));
    await first.close();
    await appendFile(path, '{"add":"b","recei');

    const second = open();
    expect(idsOf(second)).toEqual(['a']);
    add(second, item('c'));
    await second.close();

    expect(open().load()).toEqual({ items: [item('a'), item('c')], damaged: 0 });
  });

  it('says when it cannot be written, and holds everything when it can be again', async () => {
    const file = open();
    file.load();
    await rm(join(folder, 'deep'), { recursive: true });
    add(file, item('a'));
    await vi.waitFor(() => expect(failed).toHaveBeenCalledTimes(1));
    expect(worked).not.toHaveBeenCalled();

    await mkdir(join(folder, 'deep'));
    add(file, item('b'));
    expect(await file.close()).toBe(true);

    expect(worked).toHaveBeenCalled();
    expect(idsOf(open())).toEqual(['a', 'b']);
  });

  it('tries a last time when it closes, and says whether what waits is safe', async () => {
    const file = open();
    file.load();
    await rm(join(folder, 'deep'), { recursive: true });
    add(file, item('a'));
    await vi.waitFor(() => expect(failed).toHaveBeenCalledTimes(1));
    expect(await file.close()).toBe(false);

    await mkdir(join(folder, 'deep'));
    expect(await file.close()).toBe(true);
    expect(idsOf(open())).toEqual(['a']);
  });
});
