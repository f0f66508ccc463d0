import { readiness } from '../http/routes/health.ts';
import type { Services } from '../services.ts';
import type { Metrics, Sample } from './metrics.ts';

/** Says what `GET /metrics` shows of the parts of a server. */
export function exposeServices(metrics: Metrics, services: Services): void {
  exposeNode(metrics, services);
  exposeIntake(metrics, services);
  exposeSpool(metrics, services);
  exposeCallbacks(metrics, services);
  exposeReaders(metrics, services);
  exposeRequests(metrics, services);
  exposeWork(metrics, services);
  exposeDialing(metrics, services);
}

function exposeNode(metrics: Metrics, services: Services): void {
  const { version } = services;
  metrics.gauge('build_info', 'Always 1; its label is the version that runs', () => [
    { labels: { version }, value: 1 },
  ]);
  metrics.gauge('ready', '1 while /readyz answers 200: this node takes callbacks and requests', async () =>
    (await readiness(services)).ready ? 1 : 0,
  );
  const { nodes } = services;
  metrics.gauge('bus_up', '1 while the bus carries what other nodes commit', () => (nodes.bus.isUp ? 1 : 0));
  metrics.gauge('upkeep_owner', '1 on the node that sweeps, deletes, erases and scores again', () =>
    nodes.upkeep.isMine ? 1 : 0,
  );
}

function exposeIntake(metrics: Metrics, { intake }: Services): void {
  metrics.counter('receipts_total', 'Callbacks and events that reached intake, by what they came to', () =>
    intake.counts.read().map(({ kind, outcome, count }) => ({
      labels: { kind: kind === 'plivo' ? 'callback' : 'event', result: outcome },
      value: count,
    })),
  );
  metrics.gauge('intake_waiting', 'Receipts that wait for the store', () => intake.depth);
  metrics.gauge('intake_waiting_bytes', 'Their size together, roughly', () => intake.bytes);
  metrics.histogram('receipt_durable_seconds', 'From the moment a receipt reached intake until it was durable', () => [
    { distribution: intake.counts.durable },
  ]);
  metrics.histogram('commit_duration_seconds', 'Storing one batch of receipts, the wait for the disk included', () => [
    { distribution: intake.counts.commits },
  ]);
  metrics.histogram('commit_receipts', 'Receipts of one batch', () => [{ distribution: intake.counts.batches }]);
}

function exposeSpool(metrics: Metrics, { spool }: Services): void {
  if (!spool) return;
  metrics.gauge('spool_away', '1 while receipts go to the disk instead of PostgreSQL', () =>
    spool.read().isAway ? 1 : 0,
  );
  metrics.gauge('spool_records', 'Receipts that wait on the disk', () => spool.read().records);
  metrics.gauge('spool_bytes', 'Their size together', () => spool.read().bytes);
  metrics.gauge('spool_capacity_bytes', 'What the spool may hold: beyond it callbacks are answered 503', () => {
    return spool.read().capBytes;
  });
  metrics.gauge('spool_oldest_timestamp_seconds', 'When the oldest receipt that waits came in', () =>
    moment(spool.read().oldestAt),
  );
  metrics.gauge('spool_dead_letters', 'Receipts that can never be applied, for somebody to look at', () => {
    return spool.read().deadLetters;
  });
  metrics.gauge('spool_alarm', '1 with the alarm that stands: filling, full or unwritable', () => {
    const { alarm } = spool.read();
    return alarm === null ? [] : [{ labels: { alarm }, value: 1 }];
  });
}

function exposeCallbacks(metrics: Metrics, { status, store }: Services): void {
  metrics.counter('callbacks_refused_total', 'Provider callbacks that were not believed, by error code', () =>
    status.refusals().map(([reason, value]) => ({ labels: { reason }, value })),
  );
  metrics.gauge('last_callback_timestamp_seconds', 'When a provider callback was last believed', () =>
    moment(status.read().lastCallbackAt),
  );
  metrics.gauge('unassigned_deliveries', 'Stored callbacks that belong to no campaign', () =>
    store.ping().then(
      ({ unassigned }) => unassigned,
      () => [],
    ),
  );
}

function exposeReaders(metrics: Metrics, { live, reports }: Services): void {
  metrics.gauge('live_viewers', 'Open live connections, by transport', () =>
    Object.entries(live.read().viewers).map(([transport, value]) => ({ labels: { transport }, value })),
  );
  metrics.counter('live_messages_total', 'Live messages sent, one for each viewer, by type', () =>
    live.read().sent.map(([type, value]) => ({ labels: { type }, value })),
  );
  metrics.counter(
    'live_fell_behind_total',
    'Times a viewer read too slowly and was left out until it had drained',
    () => live.read().fellBehind,
  );
  metrics.counter('report_reads_total', 'Readings of a report: at hand, or evaluated first', () => {
    const { hits, misses } = reports.counts();
    return [
      { labels: { result: 'hit' }, value: hits },
      { labels: { result: 'miss' }, value: misses },
    ];
  });
}

function exposeRequests(metrics: Metrics, { requests }: Services): void {
  metrics.counter('http_requests_total', 'Answered HTTP requests, by method, route and class of status', () =>
    requests.read().flatMap(({ method, route, byClass }) =>
      byClass.flatMap((value, digit) => {
        return value === 0 ? [] : [{ labels: { method, route, status: `${digit}xx` }, value }];
      }),
    ),
  );
  metrics.histogram('http_request_duration_seconds', 'From the head of a request to the end of its answer', () =>
    requests.read().flatMap(({ method, route, seconds }) => {
      return seconds ? [{ labels: { method, route }, distribution: seconds }] : [];
    }),
  );
}

function exposeWork(metrics: Metrics, { sweep, retainer, eraser, rescorer }: Services): void {
  metrics.gauge('sweep_waiting_calls', 'Calls whose time is up and that have no end, up to 10,000', () => {
    return sweep.read().waiting;
  });
  metrics.counter('sweep_calls_total', 'Calls without an end that the sweeper ended, by how', () => {
    const { reconciled, lost } = sweep.read();
    return [
      { labels: { result: 'reconciled' }, value: reconciled },
      { labels: { result: 'lost' }, value: lost },
    ];
  });
  metrics.counter('sweep_unavailable_total', 'Times the provider could not say what became of a call', () => {
    return sweep.read().unavailable;
  });
  metrics.gauge('sweep_last_run_timestamp_seconds', 'When the last finished round began', () =>
    moment(sweep.read().lastRunAt),
  );
  const works = Object.entries({ retention: retainer, erasure: eraser, rescoring: rescorer });
  const each = (read: (work: typeof retainer) => number) => () =>
    works.map(([work, runner]): Sample => ({ labels: { work }, value: read(runner) }));
  metrics.counter(
    'work_chunks_total',
    'Chunks of records looked through to delete or erase',
    each((work) => work.read().chunks),
  );
  metrics.counter(
    'work_failures_total',
    'Times that this work stopped; it is tried again later',
    each((work) => work.read().failures),
  );
  metrics.gauge(
    'work_running',
    '1 while this work is under way',
    each((work) => (work.read().isRunning ? 1 : 0)),
  );
}

function exposeDialing(metrics: Metrics, { dialers }: Services): void {
  metrics.counter('dial_attempts_total', 'Requests for a call, by what came of them', () =>
    dialers.counts.results.map(([result, value]) => ({ labels: { result }, value })),
  );
  metrics.counter('dial_refusals_total', 'Requests for a call that the provider refused, by what it said', () =>
    dialers.counts.refusals.map(([reason, value]) => ({ labels: { reason }, value })),
  );
  metrics.counter('dial_doubts_resolved_total', 'Attempts in doubt that were proved, by which way', () => {
    const { placed, notPlaced } = dialers.counts.proved;
    return [
      { labels: { result: 'placed' }, value: placed },
      { labels: { result: 'not-placed' }, value: notPlaced },
    ];
  });
  metrics.counter(
    'dial_breaker_opened_total',
    'Campaigns that were paused because nearly all of their calls failed',
    () => {
      return dialers.counts.breakersOpened;
    },
  );
  metrics.counter(
    'dial_ends_found_total',
    'Calls whose end no callback told, but the provider’s record',
    () => dialers.counts.endsFound,
  );
  metrics.gauge('dial_accounts', 'Provider accounts that this node dials for', () => dialers.read().accounts);
  metrics.gauge('dial_campaigns', 'Campaigns that may start calls on this node', () => dialers.read().campaigns);
  metrics.gauge('dial_calls', 'Calls under way that this node started or took over', () => dialers.read().underWay);
  metrics.gauge('dial_in_doubt', 'Of these, calls of which nobody knows whether they were made', () => {
    return dialers.read().inDoubt;
  });
  metrics.gauge('dial_needs_person', 'Of these, calls that only a person can decide about', () => {
    return dialers.read().needsPerson;
  });
  metrics.gauge('dial_pace_limit', 'Calls a second that its accounts may start', () => dialers.read().callsPerSecond);
}

/** Left out while it never happened. @param at epoch milliseconds */
function moment(at: number | null): readonly Sample[] {
  return at === null ? [] : [{ value: at / 1_000 }];
}
