import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkAway, type Way } from './away-check.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';
import { temporaryFolder } from './running-server.ts';

const SECONDS = Number(process.env.SECONDS ?? 60);
const PER_SECOND = Number(process.env.PER_SECOND ?? 500);
const WAYS = (process.env.WAYS ?? 'killed,stopped,frozen').split(',') as Way[];
const DRAINED_WITHIN_SECONDS = 30;

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres({ fsync: 'on', full_page_writes: 'on' });
});
afterAll(() => postgres.stop());

describe('PostgreSQL away', () => {
  it.each(WAYS)(`${SECONDS} s at ${PER_SECOND} callbacks a second, %s: 0 refused, 0 lost, 0 double`, async (way) => {
    const folder = temporaryFolder();
    const result = await checkAway(postgres, folder.path, { way, perSecond: PER_SECOND, seconds: SECONDS });
    folder.remove();
    const { acknowledged, mostRecords, drainedSeconds, slowestMs } = result;
    console.log(
      `${way}: ${acknowledged} acknowledged, ${mostRecords} spooled, drained in ${drainedSeconds} s (wanted ${DRAINED_WITHIN_SECONDS}), slowest answer ${slowestMs} ms`,
    );
    expect(result).toMatchObject({ refused: {}, lost: [], surplus: 0 });
    expect(drainedSeconds).toBeLessThan(DRAINED_WITHIN_SECONDS);
  });
});
