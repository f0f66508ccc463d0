import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tablesOf, unboundTables } from '../../testing/campaign-binding.ts';
import { DISTRIBUTED, LOCAL, REFERENCE } from './distribution.ts';

const folder = new URL('../../../sql/postgres/', import.meta.url);
const stores = new URL('../', import.meta.url);

const files = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .map((name) => ({ name, sql: readFileSync(new URL(name, folder), 'utf8') }));

/** Statements over several campaigns, by file or by how they begin, and why none of them is needed to store an event. */
const OVER_MANY: Readonly<Record<string, string>> = {
  'calls-live.sql': 'the sweeper looks for calls that lost their end',
  'campaigns-of-number.sql': 'what an erasure finds at once',
  'campaigns-to-retire.sql': 'where old records are',
  'campaigns-page.sql': 'lists of campaigns',
  'campaigns-heard-of.sql': 'callbacks that name no campaign',
  'campaigns-that-know.sql': 'callbacks that name no campaign',
  'newest-versions.sql': 'what readers of an overview look at first',
  'versions.sql': 'what readers look at first, for several campaigns at once',
  'SELECT count(*) AS n FROM campaigns WHERE workspace': 'making a campaign that nobody registered',
  'SELECT campaign_id AS id FROM campaigns WHERE workspace': 'the newest campaigns, for a preview of lead rules',
  'SELECT campaigns.workspace, campaigns.campaign_id, erasing.asked FROM erasing':
    'which campaign is looked through again',
  'SELECT workspace, campaign_id AS "campaignId", account FROM lists WHERE is_open':
    'what the dialers of all accounts must look at',
  'SELECT id FROM attempts WHERE auth_id': 'what is under way on an account, of all its campaigns',
  'SELECT id FROM attempts WHERE workspace': 'what a person must decide, of all campaigns',
  'SELECT campaign_id FROM campaigns WHERE workspace': 'which campaigns an erasure looks through',
  'SELECT campaigns.workspace, campaigns.campaign_id FROM rescoring': 'which campaign is scored again next',
};

/** The statements that stand in the source, what is filled into them filled in. */
const inline = readdirSync(stores, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/^(sqlite|contract)\/|\.test\.ts$/.test(name))
  .flatMap((name) => {
    const source = readFileSync(new URL(name, stores), 'utf8').replace(/^\s*(?:\/?\*|\/\/).*$/gm, '');
    return [...source.matchAll(/(?:`([^`]*)`|'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/g)]
      .map(([, ...texts]) => (texts.find((text) => text !== undefined) ?? '').trim())
      .filter((text) => /^(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|TRUNCATE)\s/.test(text))
      .map((text) => ({ name: `${name}: ${text.replace(/\s+/g, ' ').slice(0, 70)}`, sql: filledIn(text) }));
  });

/** Whichever table is named, the worst is taken: a hot one. */
function filledIn(text: string): string {
  return (
    text
      .replace(/\$\{(?:today|yesterday|before)\}/g, 'nonces_0')
      // Rows that are counted out when the statement is made; their first column is that of the table.
      .replace(/VALUES \$\{\w+\}/g, 'VALUES ($1, $2), ($3, $4)')
      .replace(/\$\{table\}/g, 'calls')
      .replace(/\$\{[A-Z_]*(?:PAGE|CHUNK|MOST)[A-Z_]*\}/g, '1000')
      .replace(/\$\{[^}]*\}/g, 'id')
  );
}

const reasonOf = ({ name, sql }: { name: string; sql: string }): string | undefined => {
  const text = sql.replace(/\s+/g, ' ');
  return OVER_MANY[name] ?? Object.entries(OVER_MANY).find(([begin]) => text.startsWith(begin))?.[1];
};

describe('hot statements', () => {
  it.each(files.filter((file) => !reasonOf(file)))('$name is bound to one campaign', async ({ sql }) => {
    expect(await unboundTables(sql, DISTRIBUTED)).toEqual([]);
  });

  it.each(inline.filter((statement) => !reasonOf(statement)))('$name is bound to one campaign', async ({ sql }) => {
    expect(await unboundTables(sql, DISTRIBUTED)).toEqual([]);
  });

  it('are all looked at, and none is excused that need not be', async () => {
    expect(inline.length).toBeGreaterThan(50);
    for (const statement of [...files, ...inline].filter(reasonOf)) {
      expect([statement.name, await unboundTables(statement.sql, DISTRIBUTED)]).not.toEqual([statement.name, []]);
    }
    const used = new Set([...files, ...inline].map(reasonOf).filter((reason) => reason !== undefined));
    expect([...used].sort()).toEqual([...new Set(Object.values(OVER_MANY))].sort());
  });

  it('touch no table that lies on the coordinator together with one that does not', async () => {
    const spread = [...DISTRIBUTED, ...REFERENCE];
    for (const { name, sql } of [...files, ...inline]) {
      const isLocal = (await tablesOf(sql, Object.keys(LOCAL))).length > 0;
      expect([name, isLocal ? await tablesOf(sql, spread) : []]).toEqual([name, []]);
    }
  });
});

describe('what tells whether a statement is bound', () => {
  const hot = ['calls', 'aliases'];
  it.each([
    ['SELECT id FROM calls WHERE campaign_key = $1', []],
    ['SELECT id FROM calls', ['calls']],
    ['SELECT id FROM calls WHERE campaign_key = $1 OR id = $2', ['calls']],
    ['SELECT id FROM calls WHERE NOT campaign_key = $1', ['calls']],
    ['SELECT id FROM calls WHERE campaign_key = ANY ($1::text[])', ['calls']],
    ['SELECT id FROM calls WHERE campaign_key > $1', ['calls']],
    ['SELECT 1 FROM aliases a JOIN calls c ON c.campaign_key = a.campaign_key WHERE a.campaign_key = $1', []],
    ['SELECT 1 FROM aliases a JOIN calls c ON c.call_row = a.call_row WHERE a.campaign_key = $1', ['calls']],
    ['SELECT 1 FROM calls WHERE campaign_key = $1 UNION ALL SELECT 1 FROM aliases', ['aliases']],
    ['SELECT (SELECT 1 FROM calls LIMIT 1)', ['calls']],
    [
      'SELECT 1 FROM calls c WHERE c.campaign_key = $1 AND EXISTS (SELECT FROM aliases a WHERE a.campaign_key = c.campaign_key)',
      [],
    ],
    ['WITH x AS (SELECT 1 FROM calls) SELECT 1 FROM x', ['calls']],
    ['DELETE FROM calls WHERE campaign_key = $1', []],
    ['DELETE FROM calls WHERE call_row = $1', ['calls']],
    ['UPDATE calls SET id = 1 WHERE id = $1', ['calls']],
    ['INSERT INTO calls (campaign_key, id) VALUES ($1, 2)', []],
    ["INSERT INTO calls (campaign_key, id) VALUES ($1, 2), ('x', 3)", ['calls']],
    ['INSERT INTO calls (id, campaign_key) SELECT $1, id FROM unnest($2::text[]) AS t (id)', ['calls']],
    ['INSERT INTO calls (campaign_key, id) SELECT $1, id FROM unnest($2::text[]) AS t (id)', []],
    ['SELECT 1 FROM rollups', []],
  ])('%s', async (sql, unbound) => {
    expect(await unboundTables(sql, hot)).toEqual(unbound);
  });
});

describe('the tables', () => {
  const migrations = new URL('migrations/', folder);
  const schema = readdirSync(migrations)
    .map((name) => readFileSync(new URL(name, migrations), 'utf8').replace(/--.*$/gm, ''))
    .join('\n');

  it('all have their place on a cluster', () => {
    const tables = [...schema.matchAll(/CREATE TABLE (\w+)/g)].map(([, name]) => name);
    const placed = [...DISTRIBUTED, ...REFERENCE, ...Object.keys(LOCAL)];
    expect(placed.sort()).toEqual([...tables, 'schema_version'].sort());
  });

  it.each(DISTRIBUTED)('%s is keyed by campaign first', (table) => {
    const [definition = ''] = schema.match(new RegExp(`CREATE TABLE ${table} \\([^;]*;`)) ?? [];
    expect(definition).toMatch(/campaign_key\s+text COLLATE "C" PRIMARY KEY|PRIMARY KEY \(campaign_key/);
  });
});
