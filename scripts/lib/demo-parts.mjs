/** The programs of the demo, each in a process of its own. */
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startNode } from './children.mjs';
import { root } from './setup.mjs';

export const SERVER = 'packages/server/dist/main.js';
export const SANDBOX = 'packages/sandbox/dist/main.js';

/** Starts a program that must run until the demo ends. @param onEnd told in one line when it ends before */
export function startPart(name, [script, ...args], env, onEnd) {
  const part = startProgram(script, args, env);
  part.ended.then(({ code, signal, said }) => {
    const how = signal ?? `exit code ${code}`;
    onEnd(`${name} ended (${[how, said].filter(Boolean).join(': ')})`);
  }, onEnd);
  return part;
}

/** Runs a program to its end. Rejects with what it complained of. */
export async function runProgram([script, ...args], env) {
  const { code, signal, said } = await startProgram(script, args, env).ended;
  if (code !== 0) throw new Error(said || `it ended with ${signal ?? `exit code ${code}`}`);
}

function startProgram(script, args, env) {
  const child = startNode([join(root, script), ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    said = line;
  });
  const lines = [];
  const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, said: signal ? '' : said }));
  /** Resolves with the match of the first line that fits, or never when the program ends before. */
  const printed = (pattern) =>
    new Promise((resolve) => {
      const look = () => {
        const match = pattern.exec(lines.find((line) => pattern.test(line)) ?? '');
        if (!match) return;
        output.off('line', look);
        resolve(match);
      };
      output.on('line', look);
      look();
    });
  return { ended, printed };
}
