/** Peer C of callbacks: how such a receiver is usually written. Express, the same check, one INSERT a request. */
import express, { type Request, type Response } from 'express';
import pg from 'pg';
import { runPeer } from '../lib/peer.ts';
import { startPostgres } from './postgres.ts';
import { makeV3Check } from './v3-check.ts';

const POOL = 10;

const schema = `
  CREATE TABLE call_events (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id   text NOT NULL,
    call_uuid     text NOT NULL,
    event         text NOT NULL,
    to_number     text,
    hangup_code   integer,
    duration      integer,
    bill_duration integer,
    total_cost    numeric,
    raw           text NOT NULL,
    received_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (call_uuid, event)
  );
  CREATE INDEX ON call_events (campaign_id);`;

const insert = {
  name: 'insert-event',
  text: `INSERT INTO call_events
    (campaign_id, call_uuid, event, to_number, hangup_code, duration, bill_duration, total_cost, raw)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (call_uuid, event) DO NOTHING`,
};

runPeer(async ({ token }) => {
  const postgres = await startPostgres();
  const pool = new pg.Pool({ ...postgres.connection, max: POOL });
  pool.on('error', () => {});
  await pool.query(schema);
  const isSigned = makeV3Check(token);
  const app = express().disable('x-powered-by').disable('etag');
  app.use(express.urlencoded({ extended: false }));
  app.post('/plivo/hangup-url', async (request: Request, response: Response) => {
    const form = request.body as Record<string, string>;
    if (!isSigned(request.url, form, request.headers)) {
      response.status(403).send('signature');
      return;
    }
    await pool.query(insert, [
      request.query.campId,
      form.CallUUID,
      form.Event,
      form.To,
      form.HangupCauseCode,
      form.Duration,
      form.BillDuration,
      form.TotalCost,
      JSON.stringify(form),
    ]);
    response.type('text/plain').send('ok');
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    settings: `Express 5, NODE_ENV=production, no etag; pg pool ${POOL}, named statement; ${postgres.settings}, Unix socket`,
    answer: async () => {
      const { rows } = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM call_events');
      return rows[0]?.n ?? 0;
    },
    stop: async () => {
      server.close();
      await pool.end();
      await postgres.stop();
    },
  };
});
