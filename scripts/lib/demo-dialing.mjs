/** Campaigns that Ringside itself dials, made as anybody would make them: from a file, on the command line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './setup.mjs';

const LOOK_EVERY_MS = 5_000;

/** Dials the example's list, and when all are settled once more, for ever. */
export async function dialLists(ringside) {
  for (let round = 1; ; round += 1) {
    const id = `renewals-${round}`;
    await create(ringside, id, round);
    while ((await phaseOf(ringside, id)) !== 'completed') await sleep(LOOK_EVERY_MS);
  }
}

async function create(ringside, id, round) {
  const about = ['--id', id, '--name', round === 1 ? 'Renewals' : `Renewals ${round}`, '--country', 'GB'];
  const dial = ['--caller-id', '+442079460100', '--caller-id', '+442079460101', '--answer-xml', 'examples/answer.xml'];
  const pace = ['--cps', '3', '--concurrency', '40', '--retry', '3:2m', '--retry-on', 'busy=3:1m'];
  const args = ['campaign', 'create', 'examples/contacts.csv', ...about, ...dial, ...pace, '--start', '--yes'];
  const child = spawn(process.execPath, [join(root, 'packages/server/dist/main.js'), ...args], {
    cwd: root,
    env: { ...process.env, ...ringside },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (piece) => {
    said += piece;
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the list could not be dialed:\n${said}`);
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
