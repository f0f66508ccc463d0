import { describe, expect, it } from 'vitest';
import { isAlive, killPart, startDemo } from './demo-process.ts';

const DIRECTLY = [process.execPath, 'scripts/demo.mjs'];
const GONE = { timeout: 30_000, interval: 100 };

describe('the demo, when a part of it is killed', { timeout: 240_000 }, () => {
  it.each([
    ['sandbox/dist/main.js serve', 'the sandbox’s Call API ended (SIGKILL)'],
    ['sandbox/dist/main.js run', 'the sandbox’s dialer ended (SIGKILL)'],
  ])('says so and ends: %s', async (part, line) => {
    const demo = await startDemo(DIRECTLY);
    const before = demo.output();
    killPart(demo, part);
    expect(await demo.ended).toEqual({ code: 1, signal: null });
    expect(demo.output().slice(before.length)).toBe(`The demo ends: ${line}\n`);
    expect(demo.processes.filter(isAlive)).toEqual([]);
  });

  it.each([
    ['the script that started the others', DIRECTLY],
    ['npm, which started the script', ['npm', 'run', 'demo']],
  ])('leaves no process behind: %s', async (_what, command) => {
    const demo = await startDemo(command);
    demo.child.kill('SIGKILL');
    await expect.poll(() => demo.processes.filter(isAlive), GONE).toEqual([]);
  });
});
