import { describe, expect, it } from 'vitest';
import { runCli } from './cli.ts';
import { startStub } from './testing/stub-server.ts';

describe('ringside-sandbox serve', () => {
  it('serves the API and its record until it is stopped, and then says what was dialed', async () => {
    const dialer = await startStub(({ path }) =>
      path === '/answer' ? { status: 200, body: '<Response><Speak>Hello</Speak></Response>' } : undefined,
    );
    const stop = new AbortController();
    const lines: string[] = [];
    const terminal = { out: (line: string) => lines.push(line), err: () => undefined, signal: stop.signal };
    const argv = 'serve --port 0 --control-port 0 --auth-id MA1 --auth-token t --speed 1000 --fault fail-after=1';
    const ended = runCli(argv.split(' '), {}, terminal);
    await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(2);
    const [api, control] = lines.map((line) => /http:\/\/[\d.]+:\d+/.exec(line)?.[0]);
    const response = await fetch(`${api}/v1/Account/MA1/Call/`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('MA1:t').toString('base64')}` },
      body: JSON.stringify({
        from: '918035735601',
        to: '919000000001',
        answer_url: `${dialer.url}/answer?attemptId=a`,
      }),
    });
    expect(response.status).toBe(500);
    const record = async () => (await fetch(`${control}/record`)).text();
    await expect.poll(record, { timeout: 10_000 }).toContain('"ended":true');
    expect(JSON.parse(await record())).toMatchObject({ attemptId: 'a', number: '+919000000001' });
    stop.abort();
    expect(await ended).toBe(0);
    expect(lines.at(-1)).toMatch(/^served 1 calls to 1 numbers, [01] reached$/);
    await expect(fetch(`${api}/`)).rejects.toThrow();
    await expect(fetch(`${control}/`)).rejects.toThrow();
    await dialer.close();
  });
});
