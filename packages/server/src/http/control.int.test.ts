import { decideCommand } from '@ringside/core';
import {
  type CampaignChange,
  CommandAnswer,
  CommandName,
  CommandPreview,
  type Phase,
  type TimelineItem,
} from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const dial = { callerIds: ['+918035735659'], answerUrl: 'https://host.example/answer' };
let made = 0;

/** A campaign that Ringside dials, before its start. */
async function campaignOf(): Promise<string> {
  made += 1;
  const id = `own-${made}`;
  await server.send('POST', '/v1/campaigns', { id, name: id, dialer: 'built-in', dial, defaultCountry: 'IN' });
  return id;
}

const command = (id: string, name: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  server.send('POST', `/v1/campaigns/${id}/${name}`, body, headers);

async function answered(response: Response): Promise<CommandAnswer> {
  expect({ status: response.status, ...(response.status === 200 ? {} : await response.clone().json()) }).toEqual({
    status: 200,
  });
  return CommandAnswer.parse(await response.json());
}

async function timelineOf(id: string): Promise<TimelineItem[]> {
  return (await (await server.get(`/v1/campaigns/${id}/timeline`)).json()).items;
}

/** How a campaign comes to each phase that lasts. */
const ways: Readonly<Partial<Record<Phase, (id: string) => Promise<unknown>>>> = {
  draft: async () => {},
  scheduled: (id) => command(id, 'start', { at: new Date(Date.now() + 3_600_000).toISOString() }),
  running: (id) => begin(id),
  paused: async (id) => [await begin(id), await command(id, 'pause')],
  completed: (id) => said(id, 'completed'),
  cancelled: (id) => command(id, 'cancel'),
  failed: (id) => said(id, 'failed'),
};

/** A live call makes it run, as long as nothing is on the list. */
async function begin(id: string): Promise<void> {
  await command(id, 'start');
  const event = { type: 'initiated', campaignId: id, callId: `${id}-1`, at: new Date().toISOString() };
  await server.send('POST', '/v1/events', { events: [event] });
  await server.send('POST', '/v1/events', { events: [{ ...event, type: 'ended', status: 'busy' }] });
}

async function said(id: string, change: CampaignChange): Promise<void> {
  const event = { type: 'campaign', campaignId: id, at: new Date().toISOString(), change };
  await server.send('POST', '/v1/events', { events: [event] });
}

const phaseOf = async (id: string): Promise<Phase> => (await (await server.get(`/v1/campaigns/${id}`)).json()).phase;

describe.each(Object.entries(ways))('in the phase %s', (phase, way) => {
  it.each(CommandName.options)('%s is obeyed, done already, or refused, as the table says', async (name) => {
    const id = await campaignOf();
    await way(id);
    const before = await phaseOf(id);
    if (phase !== 'running') expect(before).toBe(phase);
    const decision = decideCommand(name, { phase: before, dialer: 'built-in' });
    const response = await command(id, name, {}, { 'idempotency-key': id });
    const body = await response.json();
    if (decision.kind === 'refused') {
      expect([response.status, body.code, body.detail]).toEqual([409, 'phase-conflict', decision.why]);
      expect(await phaseOf(id)).toBe(before);
    } else {
      expect([response.status, body.changed]).toEqual([200, decision.kind === 'change' && name !== 'retry-failed']);
    }
  });
});

describe('commands to a campaign that Ringside dials', () => {
  it('start, pause, resume and cancel it, each told in the timeline with who and why', async () => {
    const id = await campaignOf();
    for (const [name, kind] of [
      ['start', 'started'],
      ['pause', 'paused'],
      ['resume', 'resumed'],
      ['cancel', 'cancelled'],
    ] as const) {
      expect(await answered(await command(id, name, { reason: `why ${name}` }))).toMatchObject({ id, changed: true });
      expect((await timelineOf(id)).at(-1)).toMatchObject({ kind, reason: `why ${name}`, actor: expect.any(String) });
    }
    expect(await (await server.get(`/v1/campaigns/${id}`)).json()).toMatchObject({ phase: 'cancelled' });
  });

  it('take no body at all', async () => {
    const id = await campaignOf();
    const headers = { authorization: 'Bearer test-admin-key' };
    const url = `${server.url}/v1/campaigns/${id}/start`;
    expect(await answered(await fetch(url, { method: 'POST', headers }))).toMatchObject({ changed: true });
    expect(await answered(await command(id, 'pause', ''))).toMatchObject({ changed: true });
  });

  it('are obeyed once, however often and at once they are sent', async () => {
    const id = await campaignOf();
    for (const name of ['start', 'pause', 'resume', 'cancel']) {
      const answers = await Promise.all(Array.from({ length: 20 }, async () => answered(await command(id, name))));
      expect(answers.filter(({ changed }) => changed)).toHaveLength(1);
    }
    expect((await timelineOf(id)).map(({ kind }) => kind)).toEqual([
      ...['registered', 'started', 'paused', 'resumed', 'cancelled'],
    ]);
  });

  it('are refused where they make no sense, with what to do instead', async () => {
    const id = await campaignOf();
    const refusal = async (name: string) => {
      const response = await command(id, name);
      return [response.status, (await response.json()).code];
    };
    expect(await refusal('resume')).toEqual([409, 'phase-conflict']);
    await command(id, 'start');
    await command(id, 'pause');
    const response = await command(id, 'start');
    expect([response.status, await response.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'phase-conflict', detail: 'It is paused: resume it.' }),
    ]);
    await command(id, 'cancel');
    for (const name of ['start', 'pause', 'resume']) expect(await refusal(name)).toEqual([409, 'phase-conflict']);
    expect((await command('nobody', 'pause')).status).toBe(404);
  });

  it('show at once in the report that is polled', async () => {
    const id = await campaignOf();
    await command(id, 'start');
    expect((await server.report(id)).status).not.toBe('paused');
    await command(id, 'pause');
    expect(await server.report(id)).toMatchObject({ status: 'paused', phase: 'paused' });
  });

  it('pause until a time, which another pause changes', async () => {
    const id = await campaignOf();
    await command(id, 'start');
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect(await answered(await command(id, 'pause', { until }))).toMatchObject({ changed: true });
    expect((await timelineOf(id)).at(-1)).toMatchObject({ kind: 'paused', changes: { until } });
    expect(await answered(await command(id, 'pause', { until }))).toMatchObject({ changed: false });
    expect(await answered(await command(id, 'pause', { forSeconds: 60 }))).toMatchObject({ changed: true });
    expect(await answered(await command(id, 'pause', { forSeconds: 60 }))).toMatchObject({ changed: false });
    expect(await answered(await command(id, 'pause'))).toMatchObject({ changed: true });
    expect((await timelineOf(id)).at(-1)).toMatchObject({ kind: 'paused', changes: null });
    for (const wrong of [{ until, forSeconds: 5 }, { until: '2020-01-01T00:00:00Z' }, { forSeconds: 0 }]) {
      expect((await command(id, 'pause', wrong)).status).toBe(400);
    }
  });

  it('plan a start, change it, and start now all the same', async () => {
    const id = await campaignOf();
    const at = new Date(Date.now() + 3_600_000).toISOString();
    expect(await answered(await command(id, 'start', { at, reason: 'after lunch' }))).toMatchObject({
      ...{ changed: true, phase: 'scheduled', startedAt: at },
    });
    expect((await timelineOf(id)).at(-1)).toMatchObject({ kind: 'changed', reason: 'after lunch' });
    expect(await answered(await command(id, 'start', { at }))).toMatchObject({ changed: false });
    const later = new Date(Date.now() + 7_200_000).toISOString();
    expect(await answered(await command(id, 'start', { at: later }))).toMatchObject({
      changed: true,
      startedAt: later,
    });
    expect(await answered(await command(id, 'start'))).toMatchObject({ changed: true });
    expect((await (await server.get(`/v1/campaigns/${id}`)).json()).phase).not.toBe('scheduled');
  });

  it('are audited when they change something', async () => {
    const id = await campaignOf();
    await command(id, 'start', { reason: 'go' });
    await command(id, 'start');
    const { items } = await (await server.get(`/v1/audit?target=${id}`)).json();
    expect(items.map(({ action }: { action: string }) => action)).toEqual(['campaign.start', 'campaign.registered']);
    expect(items[0]).toMatchObject({ after: { reason: 'go' } });
  });

  it('are previewed in figures and words, and change nothing', async () => {
    const id = await campaignOf();
    const preview = async (name: string, body: unknown = {}) =>
      CommandPreview.parse(await (await command(id, `${name}?preview=1`, body)).json());
    expect(await preview('start')).toMatchObject({ command: 'start', allowed: true });
    expect(await preview('resume')).toMatchObject({ allowed: false, message: 'It has not started: start it.' });
    await command(id, 'start');
    expect(await preview('pause')).toMatchObject({
      allowed: true,
      draining: 0,
      message: expect.stringMatching(/No call is live/),
    });
    expect(await preview('cancel')).toMatchObject({ allowed: true, message: expect.stringMatching(/final/) });
    expect(await preview('retry-failed')).toMatchObject({ allowed: true, contacts: 0 });
    expect((await timelineOf(id)).map(({ kind }) => kind)).toEqual(['registered', 'started']);
    expect((await command('nobody', 'pause?preview=1')).status).toBe(404);
  });

  it('call the failed again only with a key by which that is known again', async () => {
    const id = await campaignOf();
    await command(id, 'start');
    for (const headers of [{}, { 'idempotency-key': 'k'.repeat(129) }]) {
      expect((await command(id, 'retry-failed', {}, headers)).status).toBe(400);
    }
    expect((await command('nobody', 'retry-failed')).status).toBe(404);
    const answer = await command(id, 'retry-failed', {}, { 'idempotency-key': 'k1' });
    expect(await answered(answer)).toMatchObject({ changed: false, contacts: 0 });
  });

  it('tell in the timeline who changed the pace', async () => {
    const id = await campaignOf();
    await server.send('PATCH', `/v1/campaigns/${id}`, { pace: { callsPerSecond: 4 } });
    expect((await timelineOf(id)).at(-1)).toMatchObject({
      ...{ kind: 'changed', changes: { pace: { callsPerSecond: 4 } }, actor: expect.any(String) },
    });
  });
});
