import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect as connectTo } from 'node:net';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.ts';

/** A real nats-server. */
export interface TestNats {
  readonly url: string;
  /** Ends it with -9. */
  kill(): Promise<void>;
  /** After {@link kill}, on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Where the program is, `null` on a machine without it: on Debian it is in the package `nats-server`. */
export const natsServer: string | null =
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
    .map((folder) => join(folder, 'nats-server'))
    .find((path) => existsSync(path)) ?? null;

export async function startNats(): Promise<TestNats> {
  const port = await freePort();
  let child = await begin(port);
  const kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    kill,
    async restart() {
      child = await begin(port);
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) await kill();
    },
  };
}

async function begin(port: number): Promise<ChildProcess> {
  const child = spawn(natsServer ?? 'nats-server', ['--addr', '127.0.0.1', '--port', `${port}`], { stdio: 'ignore' });
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    if (await answers(port)) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error('nats-server did not start');
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTo(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
