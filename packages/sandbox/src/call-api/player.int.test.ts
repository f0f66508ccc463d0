import { afterEach, describe, expect, it } from 'vitest';
import { noFaults } from '../faults.ts';
import {
  type ApiWorld,
  answering,
  isGenuine,
  machines,
  startApiWorld,
  until,
  type WorldOptions,
} from '../testing/api-world.ts';
import { eventsIn } from '../testing/plivo-inbox.ts';
import { startStub } from '../testing/stub-server.ts';

let world: ApiWorld;
afterEach(() => world.close());

async function start(options: WorldOptions = {}): Promise<ApiWorld> {
  world = await startApiWorld(options);
  return world;
}

const allOver = (calls: number) =>
  until(() => world.heard('hangup').length >= calls && world.api.summary().counts.live === 0);
const call = (index = 0) => {
  const placed = world.api.placed[index];
  if (placed === undefined) throw new Error(`no call ${index} was placed`);
  return placed;
};

describe('machine detection', () => {
  const machineUrl = () => ({ machine_detection_url: `${world.dialer.url}/machine?campId=c-1` });

  it('tells its verdict to its own URL, and lets the call go on or ends it', async () => {
    const { dial, heard } = await start({ scenario: machines });
    await dial('919000000001', { machine_detection: 'true', ...machineUrl() });
    await dial('919000000002', { machine_detection: 'hangup', ...machineUrl() });
    await allOver(2);
    expect(
      heard('machine')
        .map(({ form }) => form.IfMachine)
        .sort(),
    ).toEqual(['continue', 'hangup']);
    expect(world.api.placed.map(({ code, outcome }) => [code, outcome])).toEqual([
      [4010, 'machine'],
      [9100, 'machine'],
    ]);
    for (const request of heard('machine')) expect(isGenuine(world.dialer, request)).toBe(true);
  });

  it('without a URL of its own tells it with the answer or the hangup', async () => {
    const { dial, heard, api } = await start({ scenario: machines });
    await dial('919000000001', { machine_detection: 'true' });
    await dial('919000000002', { machine_detection: 'hangup' });
    await allOver(2);
    expect(heard('answer').map(({ form }) => [form.Machine, form.To])).toEqual([['true', '919000000001']]);
    expect(heard('hangup').map(({ form }) => form.Machine)).toEqual(['true', 'true']);
    await api.settle();
    expect(call().fates.machine).toBe('delivered');
  });

  it('takes a machine for a person where nobody looks', async () => {
    const { dial, heard } = await start({ scenario: machines });
    await dial('919000000001');
    await allOver(1);
    expect(heard('hangup')[0]?.form.Machine).toBeUndefined();
    expect(call()).toMatchObject({ answeredBy: 'human', outcome: 'completed' });
  });
});

describe('the answer document', () => {
  it.each([
    ['Hangup', 200, '<Response><Hangup/></Response>', { HangupCauseCode: '4000', HangupSource: 'Answer XML' }],
    ['nothing', 200, '<Response/>', { HangupCauseCode: '4010', HangupSource: 'Answer XML' }],
    ['no document', 200, '<Response><Speak></Response>', { HangupCauseCode: '8011', HangupSource: 'Error' }],
    ['an error', 404, '', { HangupCauseCode: '7011', HangupSource: 'Error' }],
  ] as const)('that is %s ends the call at once', async (_what, status, body, expected) => {
    world = await startApiWorld({
      answer: ({ path }) => (path === '/answer' ? { status, body } : undefined),
      // Answered within half a second, and then it would last for a minute.
      speed: 20,
      scenario: {
        ...machines,
        machine: { share: 0, hungUp: 0 },
        talk: { medianSeconds: 1_200, sigma: 0.01 },
        shortCalls: 0,
      },
    });
    await world.dial('919000000001', { answer_url: `${world.dialer.url}/answer?attemptId=x` });
    await allOver(1);
    expect(world.heard('hangup')[0]?.form).toMatchObject({ CallStatus: 'completed', ...expected });
    expect(world.heard('hangup')[0]?.form.AnswerTime).not.toBe('');
  });
});

describe('callbacks of a call', () => {
  it('are tried again as the fragment of their URL says, which is not sent', async () => {
    let refused = 0;
    const { dial, dialer, heard } = await start({
      answer: ({ path }) => (path === '/hangup' && refused++ < 2 ? { status: 503 } : undefined),
    });
    await dial('919000000001', { ring_url: undefined });
    await until(() => heard('hangup').length === 3);
    expect(new Set(heard('hangup').map(({ target }) => target))).toEqual(new Set(['/hangup?campId=c-1&attemptId=a-1']));
    await world.api.settle();
    expect(call().fates).toMatchObject({ ring: 'none', hangup: 'delivered' });
    refused = 0;
    await dial('919000000002', { hangup_url: `${dialer.url}/hangup?attemptId=a-2` });
    await until(() => heard('hangup').length === 4);
    await world.api.settle();
    expect(call(1).fates.hangup).toBe('undelivered');
    expect(world.api.summary().undelivered).toBe(1);
  });

  it('come by GET where that is asked for', async () => {
    const { dial, heard } = await start();
    await dial('919000000001', { hangup_method: 'GET' });
    await until(() => heard('hangup').length === 1);
    const [request] = heard('hangup');
    expect(request?.method).toBe('GET');
    expect(request && isGenuine(world.dialer, request)).toBe(true);
    expect(request?.query.get('CallUUID')).toBe(call().callUuid);
  });

  it('meet faults that are set while calls are made', async () => {
    const { dial, heard, api } = await start();
    api.faults.set({ callbacks: { ...noFaults, drop: 1 } });
    await dial('919000000001');
    await until(() => api.summary().counts.over === 1);
    await api.settle();
    expect(call().fates).toMatchObject({ ring: 'dropped', answer: 'dropped', hangup: 'dropped' });
    expect(world.dialer.received).toEqual([]);
    api.faults.set({ callbacks: { ...noFaults, badSignatures: 1 } });
    await dial('919000000002');
    await until(() => heard('hangup').length === 2);
    expect(heard('hangup').map((request) => isGenuine(world.dialer, request))).toEqual([false, true]);
  });

  it('are followed by the verdict of a voice bot where there is one', async () => {
    const bot = await startStub();
    const scenario = { ...answering, lead: { judged: 1, beforeHangup: 0.5, mix: { hot: 1, warm: 0, cold: 0 } } };
    const { dial, api } = await start({ scenario, leads: { url: bot.url, key: 'key' } });
    await dial('919000000001');
    await until(() => eventsIn(bot.received).length === 1);
    expect(eventsIn(bot.received)[0]).toMatchObject({
      ...{ type: 'lead', campaignId: 'c-1', callId: call().callUuid, to: '+919000000001', leadStatus: call().lead },
    });
    expect(bot.received[0]?.headers.authorization).toBe('Bearer key');
    await api.settle();
    expect(call().fates.lead).toBe('delivered');
    await bot.close();
  });
});
