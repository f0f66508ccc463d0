import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { type CallDetailServer, startCallDetailServer } from './call-detail-server.ts';
import { type Effects, realEffects } from './effects.ts';
import { parseOptions, type Settings } from './options.ts';
import { type RunRecord, summarise, type Undelivered } from './record.ts';
import { type RunOptions, runCampaign } from './run-campaign.ts';
import { type Scenario, type ScenarioName, scenarios } from './scenarios.ts';
import { serve } from './serve.ts';
import type { Terminal } from './terminal.ts';
import { waitForServer } from './wait-for-server.ts';

/**
 * The command line program.
 *
 * @returns the exit code: 0 when all campaigns are over or it was stopped, 1 when it could not do what was asked
 */
export async function runCli(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  const parsed = parseOptions(argv, env);
  if (parsed.kind === 'help') {
    terminal.out(parsed.text);
    return 0;
  }
  if (parsed.kind === 'invalid') {
    terminal.err(parsed.message);
    return 1;
  }
  try {
    return parsed.kind === 'serve' ? await serve(parsed.settings, terminal) : await runAll(parsed.settings, terminal);
  } catch (cause) {
    terminal.err(cause instanceof Error ? cause.message : String(cause));
    return 1;
  }
}

/** Plays an external dialer. @returns the exit code, as `runCli` does */
export async function runAll(settings: Settings, terminal: Terminal): Promise<number> {
  const { authId, authTokens, zone, callDetails } = settings;
  if (callDetails === null) return runCampaigns(settings, null, terminal);
  const details = await startCallDetailServer({ authId, authTokens, zone, ...callDetails });
  try {
    terminal.out(`Call-detail records are at ${details.url}: start the server with it as PLIVO_API_URL`);
    const code = await runCampaigns(settings, details, terminal);
    // A server asks for a record long after the call: whoever serves them must stay.
    if (code === 0 && !terminal.signal.aborted) await once(terminal.signal, 'abort');
    return code;
  } finally {
    await details.close();
  }
}

async function runCampaigns(settings: Settings, details: CallDetailServer | null, terminal: Terminal): Promise<number> {
  const { effects = realEffects } = terminal;
  const { url, urlIsGiven, waitSeconds } = settings;
  const answer = await waitForServer(url, waitSeconds, effects, terminal.signal);
  if (answer === 'none') {
    if (terminal.signal.aborted) return 0;
    terminal.err(`No server answers at ${url} after ${waitSeconds} s.`);
    return 1;
  }
  if (answer === 'other' && !urlIsGiven) {
    terminal.err(`${url} does not answer as Ringside does, so no key was sent: give --url or RINGSIDE_URL.`);
    return 1;
  }
  // One campaign that cannot go on ends them all, so that what is wrong is seen.
  const failed = new AbortController();
  const signal = AbortSignal.any([terminal.signal, failed.signal]);
  const startedAt = effects.now();
  const slots = settings.presets.map(async (preset, slot) => {
    try {
      await runSlot({ settings, details, preset, slot, startedAt, effects }, { ...terminal, signal });
    } catch (cause) {
      failed.abort();
      throw cause;
    }
  });
  const ends = await Promise.allSettled(slots);
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
  return 0;
}

interface Slot {
  readonly settings: Settings;
  readonly details: CallDetailServer | null;
  readonly preset: ScenarioName;
  /** Position among the campaigns that run at the same time, from 0. */
  readonly slot: number;
  /** When the program began, epoch milliseconds. */
  readonly startedAt: number;
  readonly effects: Effects;
}

/** Runs campaigns of one preset, one after the other: one, or with `--loop` until stopped. */
async function runSlot(slot: Slot, { out, err, signal }: Terminal): Promise<void> {
  for (let round = 0; !signal.aborted; round += 1) {
    const options = { ...runOptions(slot, round, signal), onUndelivered: complainOnce(err), ...recorded(slot) };
    out(startLine(options, slot.effects.now()));
    const record = await runCampaign(options);
    out(endLine(record));
    if (slot.settings.recordFile !== null) {
      await appendFile(slot.settings.recordFile, `${JSON.stringify({ ...record, totals: summarise(record.calls) })}\n`);
    }
    if (!slot.settings.loop) return;
  }
}

function recorded({ details }: Slot): Pick<RunOptions, 'onRecord'> {
  return details === null ? {} : { onRecord: details.add };
}

function runOptions(
  { settings, preset, slot, startedAt, effects }: Slot,
  round: number,
  signal: AbortSignal,
): RunOptions {
  const { url, key, authId, authTokens, speed, zone, method, delivery, faults } = settings;
  const scenario: Scenario = { ...scenarios[preset], ...settings.overrides };
  // Ids must be new each time the program starts, or a server that remembers the last time would refuse them.
  const stamp = new Date(startedAt).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const pastMs = round === 0 ? settings.backfillMinutes * 60_000 : 0;
  return {
    ...{ url, key, authId, authTokens, speed, zone, method, delivery, faults, scenario, effects, signal },
    campaignId: `${preset}-${stamp}-${slot + 1}.${round + 1}`,
    name: round === 0 ? scenario.title : `${scenario.title} ${round + 1}`,
    seed: `${settings.seed}/${slot + 1}/${round + 1}`,
    startAt: effects.now() - pastMs,
  };
}

/** A first message that does not arrive is worth a line: it may be a wrong token, and then none will. */
function complainOnce(err: (line: string) => void): (undelivered: Undelivered) => void {
  let complained = false;
  return ({ kind, callUuid, reason }) => {
    if (complained) return;
    complained = true;
    const advice = reason.includes('signature-invalid') ? ' Is --auth-token the one that the server has?' : '';
    err(`The ${kind} of call ${callUuid} did not arrive: ${reason}.${advice}`);
  };
}

function startLine({ campaignId, name, scenario, startAt = 0 }: RunOptions, now: number): string {
  const minutes = Math.round((now - startAt) / 60_000);
  const began = minutes > 0 ? `, began ${minutes} min ago` : '';
  return `${campaignId}  “${name}” starts: ${count(scenario.contacts)} contacts, ${scenario.concurrency} calls at once${began}`;
}

function endLine({ campaignId, calls, finishedAt, traffic, undelivered }: RunRecord): string {
  const totals = summarise(calls);
  const rate = totals.ended === 0 ? '–' : `${((100 * totals.answered) / totals.ended).toFixed(1)} %`;
  const parts = [
    `${count(totals.attempts)} calls`,
    `${rate} answered`,
    `${count(totals.reached)} contacts reached`,
    `${totals.leads.hot} hot and ${totals.leads.warm} warm leads`,
    ...(traffic.dropped > 0 ? [`${count(traffic.dropped)} callbacks dropped`] : []),
    ...(undelivered.length > 0 ? [`${count(undelivered.length)} messages undelivered`] : []),
    ...(traffic.forgeriesAccepted > 0 ? [`${count(traffic.forgeriesAccepted)} FORGERIES ACCEPTED`] : []),
  ];
  return `${campaignId}  ${finishedAt === null ? 'stopped' : 'finished'}: ${parts.join(', ')}`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}
