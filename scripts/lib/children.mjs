/** Child processes of a script. */
import { spawn } from 'node:child_process';

const END_WITH_PARENT = new URL('end-with-parent.mjs', import.meta.url).href;
const KILL_AFTER_MS = 15_000;
const running = new Set();

/** Starts a program that {@link endChildren} ends. */
export function startChild(command, args, options) {
  const child = spawn(command, args, options);
  running.add(child);
  for (const end of ['exit', 'error']) child.once(end, () => running.delete(child));
  return child;
}

/** Starts a Node.js program that also ends by itself when this process is gone, even after a SIGKILL. */
export function startNode(args, { stdio, ...options }) {
  const watching = ['--import', END_WITH_PARENT, ...args];
  return startChild(process.execPath, watching, { ...options, stdio: [...stdio, 'ipc'] });
}

/** Ends all children, and waits until they are gone. */
export async function endChildren() {
  const children = [...running];
  const gone = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of children) child.kill('SIGTERM');
  const force = setTimeout(() => {
    for (const child of children) child.kill('SIGKILL');
  }, KILL_AFTER_MS);
  await Promise.all(gone);
  clearTimeout(force);
}
