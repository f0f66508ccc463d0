/** Peer of polls: the report counted and summed in PostgreSQL whenever somebody asks. */
import pg from 'pg';
import { median } from '../lib/numbers.ts';
import { runPeer } from '../lib/peer.ts';
import { startPostgres } from './postgres.ts';

const schema = `
  CREATE TABLE calls (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id text NOT NULL,
    call_uuid   uuid NOT NULL UNIQUE,
    to_number   text NOT NULL,
    status      text NOT NULL,
    answered    boolean NOT NULL,
    duration    integer NOT NULL,
    cost        numeric(12, 5) NOT NULL,
    lead        text,
    ended_at    timestamptz NOT NULL
  );
  CREATE INDEX ON calls (campaign_id);`;

/** The same mix of calls as Ringside is given. */
const fill = `
  INSERT INTO calls (campaign_id, call_uuid, to_number, status, answered, duration, cost, lead, ended_at)
  SELECT $1, gen_random_uuid(), '+919' || (100000000 + (random() * 899999999)::int),
    (ARRAY['completed', 'no-answer', 'completed', 'busy', 'completed', 'rejected'])[1 + i % 6],
    i % 2 = 0, CASE WHEN i % 2 = 0 THEN 5 + (random() * 175)::int ELSE 0 END,
    CASE WHEN i % 2 = 0 THEN 0.01 ELSE 0 END, CASE WHEN i % 2 = 0 THEN NULL ELSE 'no-answer' END,
    now() - ($2::int - i) * interval '50 milliseconds'
  FROM generate_series(0, $2::int - 1) AS i`;

const count = `
  SELECT count(*)::int AS ended, count(*) FILTER (WHERE answered) AS answered,
    count(*) FILTER (WHERE status = 'completed') AS completed, count(*) FILTER (WHERE status = 'busy') AS busy,
    count(*) FILTER (WHERE status = 'no-answer') AS no_answer, count(*) FILTER (WHERE status = 'rejected') AS rejected,
    count(*) FILTER (WHERE lead = 'hot') AS hot, count(*) FILTER (WHERE lead = 'warm') AS warm,
    sum(duration) AS talk, avg(duration) FILTER (WHERE answered) AS average, sum(cost) AS cost, max(ended_at) AS last
  FROM calls WHERE campaign_id = $1`;

const RUNS = 15;

runPeer(async () => {
  const postgres = await startPostgres();
  const client = new pg.Client(postgres.connection);
  await client.connect();
  await client.query(schema);

  /** Fills a campaign with so many calls and counts it. @returns milliseconds a query, the median */
  async function measure(calls: number): Promise<number> {
    const campaign = `campaign-${calls}`;
    await client.query(fill, [campaign, calls]);
    await client.query('VACUUM (ANALYZE) calls');
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const from = performance.now();
      const { rows } = await client.query<{ ended: number }>({ name: 'count', text: count, values: [campaign] });
      times.push(performance.now() - from);
      if (rows[0]?.ended !== calls) throw new Error(`it counted ${rows[0]?.ended} calls of ${calls}`);
    }
    // The first ones read from the disk and plan.
    return median(times.slice(5));
  }

  return {
    url: '',
    settings: `pg, one connection, named statement, after VACUUM ANALYZE; ${postgres.settings}, Unix socket`,
    answer: (question) => measure(Number(question)),
    stop: async () => {
      await client.end();
      await postgres.stop();
    },
  };
});
