import type { CallApi } from '@ringside/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DialingWorld, dialingWorld, nobodyAnswers, sandbox } from '../testing/dialing-world.ts';
import { temporaryFolder } from '../testing/running-server.ts';

const patience = { timeout: 30_000, interval: 20 };
let folder: ReturnType<typeof temporaryFolder>;
let api: CallApi;
let world: DialingWorld;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await world.stop();
  await api.close();
  folder.remove();
});

async function begin(options: Parameters<typeof sandbox>[0] = {}, env: Record<string, string> = {}): Promise<void> {
  api = await sandbox(options);
  world = await dialingWorld({ api, folder: folder.path, env });
}

const completed = () => expect.poll(() => world.phase(), patience).toBe('completed');

describe('a campaign that Ringside dials', () => {
  it('calls each contact once, and is complete with the provider’s own record', { timeout: 60_000 }, async () => {
    await begin();
    await world.campaign(60);
    await completed();
    const { counts, dialedTwice, ledger } = api.summary('c1');
    expect({ counts, dialedTwice }).toMatchObject({ counts: { calls: 60, over: 60 }, dialedTwice: [] });
    const { progress, phase } = await world.report();
    expect(phase).toBe('completed');
    expect(progress).toMatchObject({ attempts: 60, completedCalls: ledger.reached });
    expect((await world.timeline())?.at(-1)).toMatchObject({
      ...{ kind: 'completed', actor: 'dialer', reason: 'every contact is settled' },
    });
  });

  it('calls again by the retry policy, and no more often than it says', { timeout: 60_000 }, async () => {
    await begin({ scenario: nobodyAnswers });
    await world.campaign(10, { retry: { maxAttempts: 3, delaySeconds: 0 } });
    await completed();
    expect(api.placed).toHaveLength(30);
    expect((await world.report()).progress).toMatchObject({ attempts: 30, ledger: { unreached: 10, reached: 0 } });
  });
});
