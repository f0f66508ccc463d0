import { expect, it } from 'vitest';
import { abuse, JWT_SECRET, WATCHED } from './abuse-check.ts';
import { temporaryFolder, testServer } from './running-server.ts';
import { startProcess } from './server-process.ts';
import { sendSteadily } from './steady-callbacks.ts';

const CASES = Number(process.env.CASES ?? 100_000);
const SEED = Number(process.env.SEED ?? 20_261_201);
/** Kinds of abuse that are tried on a route, on average over the table. */
const KINDS = 6.5;
const CALLBACKS_PER_SECOND = 50;
const WANTED_MS = 200;

it('100,000 cases of abuse over every route end no server, and none is its own fault', async () => {
  const table = await testServer();
  const { routes } = table;
  await table.stop();
  const folder = temporaryFolder();
  const server = await startProcess(folder.path, { JWT_SECRET });
  try {
    const begun = performance.now();
    const endCallbacks = sendSteadily(server.url, CALLBACKS_PER_SECOND, [WATCHED]);
    const rounds = Math.max(1, Math.round(CASES / (routes.length * KINDS)));
    const { faults, routes: results } = await abuse({ base: server.url, seed: SEED, rounds, routes });
    const { refused, slowest } = await endCallbacks();
    for (const { route, cases, statuses, longestStop } of results) {
      const answers = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
      console.log(`${route}: ${cases} cases, ${Math.round(longestStop * 1000)} ms; ${answers.join(', ')}`);
    }
    const cases = results.reduce((sum, { cases: some }) => sum + some, 0);
    const longest = Math.max(...results.map(({ longestStop }) => longestStop));
    const seconds = Math.round((performance.now() - begun) / 1000);
    console.log(
      `S17: ${cases} cases in ${seconds} s; the loop stood still for ${Math.round(longest * 1000)} ms at most ` +
        `(wanted: ${WANTED_MS}); a signed callback waited ${Math.round(slowest)} ms`,
    );
    expect(faults).toEqual([]);
    expect([...refused]).toEqual([]);
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
  } finally {
    server.child.kill('SIGKILL');
    await server.ended;
    folder.remove();
  }
});
