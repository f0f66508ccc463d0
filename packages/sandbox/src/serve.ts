import { once } from 'node:events';
import { startControlServer } from './call-api/control-server.ts';
import type { CallApiOptions } from './call-api/options.ts';
import { type CallApi, startCallApi } from './call-api/start-call-api.ts';
import type { LocalServer } from './http-server.ts';
import { scenarios } from './scenarios.ts';
import type { ServeSettings } from './serve-options.ts';
import type { Terminal } from './terminal.ts';

/** Serves the Call API until stopped, and then says what was dialed. @returns the exit code */
export async function serve(settings: ServeSettings, terminal: Terminal): Promise<number> {
  const { out, signal } = terminal;
  const api = await startCallApi(apiOptions(settings, terminal));
  let control: LocalServer | null = null;
  try {
    out(`Plivo’s Call API is at ${api.url}: start the server with it as PLIVO_API_URL`);
    control = settings.controlPort === null ? null : await startControlServer(api, settings.controlPort);
    if (control) out(`What was dialed is told at ${control.url}`);
    if (!signal.aborted) await once(signal, 'abort');
    return 0;
  } finally {
    await control?.close();
    await api.close();
    out(endLine(api));
  }
}

function apiOptions(settings: ServeSettings, { effects }: Terminal): CallApiOptions {
  const { port, authId, authTokens, callsPerSecond, concurrency, leads, preset, ...others } = settings;
  const { requestsPer5Seconds, speed, seed, zone, faults, lateSeconds } = others;
  return {
    ...{ port, requestsPer5Seconds, speed, seed, zone, faults, lateSeconds },
    accounts: [{ authId, authTokens, callsPerSecond, ...(concurrency === null ? {} : { concurrency }) }],
    scenario: scenarios[preset],
    ...(leads === null ? {} : { leads }),
    ...(effects === undefined ? {} : { effects }),
  };
}

function endLine(api: CallApi): string {
  const { counts, ledger, dialedTwice, undelivered } = api.summary();
  const parts = [
    `${counts.calls} calls to ${ledger.reached + ledger.unreached + ledger.inFlight} numbers`,
    `${ledger.reached} reached`,
    ...(undelivered > 0 ? [`${undelivered} messages undelivered`] : []),
    ...(dialedTwice.length > 0 ? [`${dialedTwice.length} ATTEMPTS DIALED TWICE`] : []),
  ];
  return `served ${parts.join(', ')}`;
}
