import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { deliveries } from '@ringside/core/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../ingest/receipt.ts';
import { type CliRun, cli } from '../../testing/cli.ts';
import { openEngine, WORKSPACE } from '../../testing/engine.ts';
import { HALF_HOUR_FROM, halfHourOf, heardAtOnce } from '../../testing/half-hour.ts';
import { AUTH_ID, AUTH_TOKEN, hangup, KEY, temporaryFolder, testServer } from '../../testing/running-server.ts';
import { comparable } from '../../testing/same-report.ts';
import { keyHeaders } from '../../testing/viewer.ts';
import type { Diagnosis } from './doctor.ts';

const T0 = HALF_HOUR_FROM;
const GENERATED = 40;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const doctor = (...flags: string[]): Promise<CliRun> => cli(['doctor', '--data-dir', folder.path, ...flags]);

async function diagnosis(...flags: string[]): Promise<Diagnosis & { code: number | null }> {
  const { code, out } = await doctor('--json', ...flags);
  return { ...(JSON.parse(out) as Diagnosis), code };
}

function apply(campaignId: string, list: readonly Receipt[]): void {
  const engine = openEngine(folder.path);
  for (let at = 0; at < list.length; at += 7) engine.apply(list.slice(at, at + 7));
  expect(engine.report(WORKSPACE, campaignId, 0, T0)).not.toBeNull();
  engine.close();
}

function seed(): void {
  for (const campaignId of ['c-1', 'c-2'])
    apply(
      campaignId,
      halfHourOf(campaignId).map((event) => heardAtOnce(event)),
    );
}

function inStore<T>(act: (db: InstanceType<typeof DatabaseSync>) => T): T {
  const db = new DatabaseSync(join(folder.path, 'ringside.db'));
  try {
    return act(db);
  } finally {
    db.close();
  }
}

const keyOf = (db: InstanceType<typeof DatabaseSync>): string =>
  (db.prepare("SELECT campaign_key AS key FROM campaigns WHERE campaign_id = 'c-1'").get() as { key: string }).key;

function reportOf(campaignId: string) {
  const engine = openEngine(folder.path);
  const found = engine.report(WORKSPACE, campaignId, 100, T0 + 3_600_000)?.report;
  engine.close();
  return found && comparable(found);
}

/** Ways to spoil campaign c-1, and what the doctor must call it. */
const corruptions: Readonly<Record<string, { what: string; spoil: (key: string) => string }>> = {
  'a changed total': {
    what: 'total',
    spoil: (key) =>
      `UPDATE rollups SET totals = replace(totals, '["ended",30]', '["ended",31]') WHERE campaign_key = '${key}'`,
  },
  'a missing bucket': {
    what: 'minute',
    spoil: (key) =>
      `DELETE FROM buckets WHERE campaign_key = '${key}' AND minute = (SELECT min(minute) FROM buckets WHERE campaign_key = '${key}')`,
  },
  'a bucket too many': {
    what: 'minute',
    spoil: (key) => `INSERT INTO buckets VALUES ('${key}', 1, '[["ended",1]]')`,
  },
  'a wrong contact': {
    what: 'contact',
    spoil: (key) =>
      `UPDATE contacts SET attempts = replace(attempts, '"human":true', '"human":false') WHERE campaign_key = '${key}' AND contact_key = 'id:person-0'`,
  },
  'a missing contact': {
    what: 'contact',
    spoil: (key) => `DELETE FROM contacts WHERE campaign_key = '${key}' AND contact_key = 'id:person-0'`,
  },
  'a deleted call row': {
    what: 'call',
    spoil: (key) => `DELETE FROM calls WHERE campaign_key = '${key}' AND call_row = 'call-4'`,
  },
  'a call row of nobody': {
    what: 'call',
    spoil: (key) => `UPDATE calls SET call_row = 'call-99' WHERE campaign_key = '${key}' AND call_row = 'call-4'`,
  },
  'a changed call record': {
    what: 'call',
    spoil: (key) =>
      `UPDATE calls SET record = replace(record, '"duration":31', '"duration":13') WHERE campaign_key = '${key}' AND call_row = 'call-4'`,
  },
  'a call record that is no JSON': {
    what: 'call',
    spoil: (key) => `UPDATE calls SET record = '{' WHERE campaign_key = '${key}' AND call_row = 'call-4'`,
  },
  'a column that lists go by': {
    what: 'call',
    spoil: (key) => `UPDATE calls SET ended_at = ended_at + 1 WHERE campaign_key = '${key}' AND call_row = 'call-4'`,
  },
  'a forgotten number': {
    what: 'number',
    spoil: (key) => `DELETE FROM numbers WHERE campaign_key = '${key}' AND number = '+919876543210'`,
  },
  'an alias of nobody': {
    what: 'alias',
    spoil: (key) => `INSERT INTO aliases VALUES ('${key}', 'other', 'call-4')`,
  },
  'a changed state of the campaign': {
    what: 'campaign',
    spoil: (key) => `UPDATE campaigns SET state = json_set(state, '$.firstCallAt', 1) WHERE campaign_key = '${key}'`,
  },
};

describe('ringside doctor on the store', () => {
  it('finds nothing in a healthy one, whatever happened to its campaigns', async () => {
    const lists = fc.sample(deliveries, { numRuns: GENERATED, seed: 20250807 });
    const engine = openEngine(folder.path);
    lists.forEach((list, n) => {
      const receipts = list.map(
        (delivery): Receipt => ({
          kind: 'delivery',
          workspace: WORKSPACE,
          receivedAt: delivery.receivedAt,
          campaignId: `law-${n}`,
          delivery,
        }),
      );
      for (let at = 0; at < receipts.length; at += 5) engine.apply(receipts.slice(at, at + 5));
    });
    while (engine.rescoreStep(T0).more);
    engine.close();
    const { code, store } = await diagnosis();
    expect(store).toMatchObject({ campaigns: GENERATED, busy: [], different: [] });
    expect(store?.deliveries).toBeGreaterThan(3 * GENERATED);
    expect(code).toBe(0);
  });

  it('sees sums that are only in the log yet, as a crash leaves them', async () => {
    const engine = openEngine(folder.path);
    engine.apply(halfHourOf('c-1').map((event) => heardAtOnce(event)));
    // Still open: nothing of this is in the rollups table.
    expect(inStore((db) => db.prepare('SELECT count(*) AS n FROM rollups').get())).toEqual({ n: 0 });
    expect(await diagnosis()).toMatchObject({ code: 0, store: { campaigns: 1, calls: 30, different: [] } });
    engine.close();
  });

  it.each(Object.entries(corruptions))('finds and repairs %s', async (_name, { what, spoil }) => {
    seed();
    const before = reportOf('c-1');
    const untouched = reportOf('c-2');
    expect(inStore((db) => Number(db.prepare(spoil(keyOf(db))).run().changes))).toBeGreaterThan(0);

    const found = await diagnosis();
    expect(found.code).toBe(1);
    expect(found.store?.different.map(({ campaignId }) => campaignId)).toEqual(['c-1']);
    expect(found.store?.different[0]?.differences.map((difference) => difference.what)).toContain(what);

    const fixed = await diagnosis('--fix');
    expect(fixed).toMatchObject({ code: 0, repaired: ['c-1'], store: { different: [] } });
    expect(await diagnosis()).toMatchObject({ code: 0, store: { campaigns: 2, calls: 60, different: [] } });
    expect([reportOf('c-1'), reportOf('c-2')]).toEqual([before, untouched]);
  });

  it('begins a new life of the store with a repair, so that no reader keeps the wrong report', async () => {
    seed();
    const epoch = () => inStore((db) => db.prepare("SELECT value FROM meta WHERE name = 'epoch'").get());
    const before = epoch();
    await doctor('--fix');
    expect(epoch()).toEqual(before);
    inStore((db) => db.exec('DELETE FROM buckets'));
    await doctor('--fix');
    expect(epoch()).not.toEqual(before);
  });

  it('does not repair from deliveries of which some are lost: rows may be all that is left', async () => {
    seed();
    inStore((db) => db.prepare('DELETE FROM call_events WHERE campaign_key = ? AND seq < 10').run(keyOf(db)));
    const { code, store, repaired } = await diagnosis('--fix');
    expect({ code, repaired }).toEqual({ code: 1, repaired: [] });
    expect(store?.different[0]).toMatchObject({ campaignId: 'c-1', isRepairable: false });
    expect(inStore((db) => db.prepare('SELECT count(*) AS n FROM calls').get())).toEqual({ n: 60 });
    expect((await doctor()).out).toContain('restore a backup');
  });

  it('says in words what differs', async () => {
    seed();
    inStore((db) => db.exec(corruptions['a changed total']?.spoil(keyOf(db)) ?? ''));
    const { code, out } = await doctor();
    expect(code).toBe(1);
    expect(out).toMatch(/^failed {5}campaigns +1 of 2 differ from their stored deliveries$/m);
    expect(out).toMatch(/^ {2}total ended {2}expected 30, found 31$/m);
    expect(out).not.toContain('\u001b[');
  });

  it('says that there is no store, or that a newer Ringside wrote it', async () => {
    const none = await doctor();
    expect(none.code).toBe(1);
    expect(none.out).toContain('there is no store in');
    seed();
    inStore((db) => db.exec('PRAGMA user_version = 999'));
    const newer = await doctor();
    expect(newer.code).toBe(1);
    expect(newer.out).toMatch(/^failed +schema +version 999/m);
  });

  it('sees a clock that stands before what is stored', async () => {
    seed();
    inStore((db) => db.prepare('UPDATE call_events SET received_at = ? WHERE id = 1').run(Date.now() + 600_000));
    const { code, checks } = await diagnosis();
    expect(code).toBe(1);
    expect(checks.filter(({ status }) => status === 'failed').map(({ name }) => name)).toEqual(['clock']);
  });
});

describe('ringside doctor beside a running server', () => {
  it('finds nothing while calls come in, and leaves repairs for later', { timeout: 60_000 }, async () => {
    const server = await testServer({ RINGSIDE_DATA: folder.path });
    let running = true;
    let sent = 0;
    const sending = (async () => {
      while (running) {
        const batch = Array.from({ length: 8 }, () =>
          server.callback('hangup', `live-${sent % 3}`, hangup(`x-${sent++}`)),
        );
        await Promise.all(batch);
      }
    })();
    try {
      // As many rounds as it takes, so that each looks at a store that has changed since the one before.
      for (let seen = 0, round = 0; seen <= 50 || round < 4; round += 1) {
        const { store } = await diagnosis();
        expect(store?.different).toEqual([]);
        expect(store?.calls).toBeGreaterThanOrEqual(seen);
        seen = store?.calls ?? 0;
      }
      const { code, err } = await doctor('--fix');
      expect(code).toBe(1);
      expect(err).toMatch(/^ringside: the store in .* is in use: stop the server before you repair it\n$/);
    } finally {
      running = false;
      await sending;
      await server.stop();
    }
  });

  it('sends a signed callback to the public URL, which must be accepted', async () => {
    const server = await testServer({ RINGSIDE_DATA: folder.path });
    const env = { PLIVO_AUTH_ID: AUTH_ID, PLIVO_AUTH_TOKEN: AUTH_TOKEN };
    const run = async (flags: string[], more = {}) => {
      const { out } = await cli(['doctor', '--json', '--data-dir', folder.path, ...flags], { ...env, ...more });
      return (JSON.parse(out) as Diagnosis).checks.filter(({ name }) => name === 'signature');
    };
    const { port } = new URL(server.url);
    expect(await run(['--port', port])).toMatchObject([{ status: 'ok' }]);

    // What the provider is told to call is not what the server checks against.
    const wrong = `http://localhost:${port}`;
    const [refused] = await run(['--port', port, '--public-urls', wrong], { RINGSIDE_KEY: KEY });
    expect(refused).toMatchObject({ status: 'failed' });
    expect(refused?.says).toContain(`the server computed the signature for ${server.url}/plivo/ring-url`);
    const [token] = await run(['--port', port], { PLIVO_AUTH_TOKEN: 'another', RINGSIDE_KEY: KEY });
    expect(token?.todo).toContain('the tokens do not');
    // Whatever refuses there is not asked with a key before it said that it is Ringside.
    const requests: (string | undefined)[] = [];
    const stranger = createServer(({ headers }, response) => {
      requests.push(headers.authorization);
      response.writeHead(403).end();
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const other = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    const [doubted] = await run(['--port', new URL(other).port, '--public-urls', other], { RINGSIDE_KEY: KEY });
    stranger.close();
    expect(doubted).toMatchObject({ status: 'failed' });
    expect(requests.length).toBeGreaterThan(1);
    expect(requests.filter((key) => key !== undefined)).toEqual([]);
    const [unreachable] = await run(['--public-urls', 'http://127.0.0.1:9']);
    expect(unreachable?.says).toContain('cannot be reached');
    await server.stop();
    expect(await run(['--port', port])).toMatchObject([{ status: 'skipped' }]);
  });
});

describe('ringside doctor on access', () => {
  const named = async (name: string, env: Record<string, string> = {}, flags: string[] = []) => {
    const { out } = await cli(['doctor', '--json', '--data-dir', folder.path, ...flags], env);
    return (JSON.parse(out) as Diagnosis).checks.filter((check) => check.name === name);
  };
  const SECRET = 'ab'.repeat(32);

  it('opens what is sealed, and says where the key lies or that it is another', async () => {
    const server = await testServer({ RINGSIDE_DATA: folder.path });
    const account = { authId: 'MASTORED0000000000', token: 'a-stored-token' };
    expect(await named('secret key')).toMatchObject([{ status: 'ok', says: expect.stringContaining('0 stored') }]);
    expect((await server.send('POST', '/v1/provider-accounts', account)).status).toBe(201);
    const [beside] = await named('secret key');
    expect(beside).toMatchObject({ status: 'warning', says: expect.stringContaining('the key lies beside the store') });
    const [wrong] = await named('secret key', { RINGSIDE_SECRET_KEY: SECRET });
    expect(wrong).toMatchObject({ status: 'failed', says: expect.stringContaining('MASTORED0000000000') });
    expect(wrong?.says).toContain('cannot be opened with RINGSIDE_SECRET_KEY');
    await server.stop();
  });

  it('sends a test callback for every stored account, through the URL of its workspace', async () => {
    const server = await testServer({ RINGSIDE_DATA: folder.path, RINGSIDE_SECRET_KEY: SECRET });
    await server.send('POST', '/v1/workspaces', { id: 'acme' });
    const key = (
      (await (await server.send('POST', '/v1/keys', { name: 'x', role: 'admin', workspace: 'acme' })).json()) as {
        key: string;
      }
    ).key;
    for (const headers of [{}, { authorization: `Bearer ${key}` }]) {
      const account = { authId: 'MASHARED0000000000', token: 'a-shared-token' };
      expect((await server.send('POST', '/v1/provider-accounts', account, headers)).status).toBe(201);
    }
    const { port } = new URL(server.url);
    const env = { RINGSIDE_SECRET_KEY: SECRET };
    expect(await named('secret key', env)).toMatchObject([{ status: 'ok' }]);
    expect((await named('signature', env, ['--port', port])).map(({ status, says }) => [status, says])).toEqual(
      ['default', 'acme'].map((workspace) => [
        'ok',
        `a test callback to ${server.url}/w/${workspace}/plivo/ring-url signed with the token of MASHARED0000000000 was accepted`,
      ]),
    );
    await server.stop();
  });

  it('counts keys that have expired, and misses one that can look after the workspaces', async () => {
    seed();
    expect(await named('keys')).toMatchObject([{ status: 'warning', says: 'no key can look after the workspaces' }]);
    keyHeaders(folder.path, { role: 'admin' });
    expect(await named('keys')).toMatchObject([{ status: 'ok', says: '1 valid key' }]);
    keyHeaders(folder.path, { expiresAt: Date.now() - 1 });
    keyHeaders(folder.path, { expiresAt: Date.now() - 1, revokedAt: Date.now() - 2 });
    const says = '1 valid key, 1 expired but not revoked';
    expect(await named('keys')).toMatchObject([{ status: 'warning', says }]);
  });

  it('looks at how logins of the host are checked', async () => {
    seed();
    const JWT_SECRET = 's'.repeat(32);
    expect(await named('logins')).toEqual([]);
    const [loose] = await named('logins', { JWT_SECRET, JWT_ISSUER: 'https://host.example' });
    expect(loose).toMatchObject({ status: 'warning', says: expect.stringMatching(/^JWT_AUDIENCE not set/) });
    const strict = { JWT_ISSUER: 'https://host.example', JWT_AUDIENCE: 'ringside' };
    expect(await named('logins', { JWT_SECRET, ...strict })).toMatchObject([{ status: 'ok' }]);
    const [gone] = await named('logins', { JWT_JWKS_URL: 'http://127.0.0.1:9/keys', ...strict });
    expect(gone).toMatchObject({ status: 'failed', says: expect.stringContaining('cannot be used') });
    const host = createServer((request, response) => {
      response.end(JSON.stringify({ keys: request.url === '/keys' ? [{ kty: 'RSA' }] : [] }));
    });
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const at = (path: string) => `http://127.0.0.1:${(host.address() as AddressInfo).port}/${path}`;
    expect(await named('logins', { JWT_JWKS_URL: at('keys'), ...strict })).toMatchObject([{ status: 'ok' }]);
    const [none] = await named('logins', { JWT_JWKS_URL: at('none'), ...strict });
    expect(none).toMatchObject({ status: 'failed', says: expect.stringContaining('it holds no keys') });
    host.close();
  });
});
