import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from '../../testing/engine.ts';
import { temporaryFolder } from '../../testing/running-server.ts';
import type { Engine } from './engine.ts';
import { sqlText } from './sql.ts';

const T0 = Date.UTC(2025, 7, 7, 14);

let folder: ReturnType<typeof temporaryFolder>;
let engine: Engine;
beforeEach(() => {
  folder = temporaryFolder();
  engine = openEngine(folder.path);
});
afterEach(() => {
  engine.close();
  folder.remove();
});

describe('stale calls', () => {
  it('are looked for in the index of live calls alone', () => {
    const db = new DatabaseSync(join(folder.path, 'ringside.db'));
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sqlText('calls-live')}`).all(0, 0, T0) as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SEARCH calls USING INDEX calls_live \(<expr>>\? AND <expr><\?\)$/),
    ]);
    db.close();
  });
});
