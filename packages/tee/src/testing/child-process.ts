import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** A program of the repository that runs in a process of its own, and ends with the test. */
export class Program {
  readonly #child: ChildProcess;
  output = '';

  /** @param main path of its main file, from the root of the repository */
  constructor(main: string, env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, ['--conditions=ringside-src', '--import=tsx', main], {
      cwd: root,
      env,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.output += String(chunk);
      });
    }
    onTestFinished(() => this.end('SIGKILL').then(() => {}));
  }

  /** Fulfils with what a pattern finds in the output. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    return vi.waitFor(() => {
      const found = pattern.exec(this.output);
      if (!found) throw new Error(`no ${pattern} in: ${this.output}`);
      return found;
    }, 20_000);
  }

  /** @returns the exit code, `null` when a signal ended it */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return exitCode;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }
}
