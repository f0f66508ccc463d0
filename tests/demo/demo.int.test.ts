import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive, killPart, startDemo } from './demo-process.ts';

const GONE = { timeout: 30_000, interval: 100 };

/** Somebody else on the port that the demo likes best: this test, or whoever was there before. */
async function strangerOn4000(): Promise<(string | undefined)[]> {
  const keys: (string | undefined)[] = [];
  const stranger = createServer(({ headers }, response) => {
    keys.push(headers.authorization);
    response.end('{}');
  });
  await new Promise<void>((resolve) => {
    stranger.once('error', () => resolve());
    stranger.listen(4000, '127.0.0.1', resolve);
  });
  onTestFinished(() => void stranger.close());
  return keys;
}

describe('npm run demo', { timeout: 240_000 }, () => {
  it('calls people when port 4000 is taken, and SIGTERM to npm alone ends all of it', async () => {
    const keys = await strangerOn4000();
    // Settings of the shell are those of another server.
    const demo = await startDemo(['npm', 'run', 'demo'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' });
    expect(demo.processes.length).toBeGreaterThanOrEqual(5);
    expect(new URL(demo.url).port).not.toBe('4000');
    const report = async () => {
      const headers = { authorization: `Bearer ${demo.key}` };
      const answer = await fetch(`${demo.url}/v1/campaigns/renewals-1/report`, { headers });
      return (await answer.json()) as { progress: { attempts: number } };
    };
    await expect.poll(async () => (await report()).progress.attempts, GONE).toBeGreaterThan(0);
    expect(keys.filter((key) => key !== undefined)).toEqual([]);
    expect(demo.output().trimEnd().split('\n').at(-1)).toMatch(/^ {2}http:\S+\/sign-in#token=\S+$/);

    demo.child.kill('SIGTERM');
    await demo.ended;
    expect(demo.processes.filter(isAlive)).toEqual([]);
  });

  it('says in one line which part failed and why, and ends all others', async () => {
    const demo = await startDemo([process.execPath, 'scripts/demo.mjs']);
    const before = demo.output();
    killPart(demo, 'server/dist/main.js');
    expect(await demo.ended).toEqual({ code: 1, signal: null });
    expect(demo.output().slice(before.length)).toBe('The demo ends: the server ended (SIGKILL)\n');
    expect(demo.processes.filter(isAlive)).toEqual([]);
  });
});
