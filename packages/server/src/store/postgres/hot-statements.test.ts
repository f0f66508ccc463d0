import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../sql/postgres/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
const HOT_TABLES = [
  'campaigns',
  'rollups',
  'buckets',
  'calls',
  'aliases',
  'contacts',
  'numbers',
  'call_events',
  'rescoring',
  'base_rollups',
  'base_buckets',
  'erasing',
];

/** Statements over a table that every machine has: it is small and seldom written. */
const OF_SMALL_TABLES = ['erasures-last.sql'];

/** Statements over several campaigns: none of them is needed to store an event. */
const OVER_MANY = {
  'calls-live.sql': 'the sweeper',
  'campaigns-of-number.sql': 'what an erasure finds at once',
  'campaigns-to-retire.sql': 'where old records are',
  'campaigns-page.sql': 'lists of campaigns',
  'campaigns-that-know.sql': 'callbacks that name no campaign',
  'newest-versions.sql': 'what readers of an overview look at first',
  'versions.sql': 'what readers look at first, for several campaigns at once',
};

describe('hot statements', () => {
  it.each(names.filter((name) => !(name in OVER_MANY) && !OF_SMALL_TABLES.includes(name)))(
    '%s is bound to one campaign',
    (name) => {
      const sql = readFileSync(new URL(name, folder), 'utf8').replace(/--.*$/gm, '');
      const tables = [...sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)/g)].map(([, table]) => table ?? '');
      const hot = tables.filter((table) => HOT_TABLES.includes(table));
      expect(hot.length).toBeGreaterThan(0);
      if (/^\s*INSERT/.test(sql)) {
        expect(sql).toMatch(/\(campaign_key,/);
        expect(sql).toMatch(/(SELECT|VALUES \() ?\$1,/);
        return;
      }
      // Every table is bound to $1, or joined to one that is by its key.
      const bound = sql.match(/campaign_key = (\$1|[a-z_]+\.campaign_key)/g) ?? [];
      expect(bound.some((one) => one.endsWith('$1'))).toBe(true);
      expect(bound.length).toBeGreaterThanOrEqual(hot.length);
    },
  );

  it('find every hot table keyed by campaign first', () => {
    const migrations = new URL('migrations/', folder);
    const texts = readdirSync(migrations).map((name) => readFileSync(new URL(name, migrations), 'utf8'));
    const schema = texts.join('\n').replace(/--.*$/gm, '');
    for (const table of HOT_TABLES) {
      const [definition = ''] = schema.match(new RegExp(`CREATE TABLE ${table} \\([^;]*;`)) ?? [];
      expect(definition).toMatch(/campaign_key\s+text COLLATE "C" PRIMARY KEY|PRIMARY KEY \(campaign_key/);
    }
  });
});
