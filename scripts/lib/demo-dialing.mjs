/** Campaigns that Ringside itself dials, created as anybody would: from a file, on the command line. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram, SERVER } from './demo-parts.mjs';

const POLL_EVERY_MS = 5_000;

/** Creates a campaign of the example's list, and starts it. */
export async function dialList(env, round) {
  const id = idOf(round);
  const about = ['--id', id, '--name', round === 1 ? 'Renewals' : `Renewals ${round}`, '--country', 'GB'];
  const dial = ['--caller-id', '+442079460100', '--caller-id', '+442079460101', '--answer-xml', 'examples/answer.xml'];
  const pace = ['--cps', '3', '--concurrency', '40', '--retry', '3:2m', '--retry-on', 'busy=3:1m'];
  const args = ['campaign', 'create', 'examples/contacts.csv', ...about, ...dial, ...pace, '--start', '--yes'];
  await runProgram([SERVER, ...args], env).catch((error) => {
    throw new Error(`the list could not be dialed (${error.message})`);
  });
}

/** Dials the list once more whenever all of it is settled, for ever. */
export async function dialAgain(env) {
  for (let round = 1; ; round += 1) {
    while ((await phaseOf(env, idOf(round))) !== 'completed') await sleep(POLL_EVERY_MS);
    await dialList(env, round + 1);
  }
}

function idOf(round) {
  return `renewals-${round}`;
}

async function phaseOf({ RINGSIDE_URL: url, RINGSIDE_KEY: key }, id) {
  try {
    const answer = await fetch(`${url}/v1/campaigns/${id}/report`, { headers: { authorization: `Bearer ${key}` } });
    return (await answer.json()).phase;
  } catch {
    // The server is ending, and with it the demo.
    return null;
  }
}
