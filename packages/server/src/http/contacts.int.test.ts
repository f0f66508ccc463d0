import { type CallList, type Contact, ContactList } from '@ringside/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRILL, playDrill, second, sendEvents } from '../testing/drill-campaign.ts';
import { type TestServer, testServer } from '../testing/running-server.ts';

const HOUR_MS = 3_600_000;
let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await playDrill(server);
});
afterAll(() => server.stop());

async function list(query: string, campaign = DRILL): Promise<ContactList> {
  const response = await server.get(`/v1/campaigns/${campaign}/contacts?${query}`);
  const body = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  expect(ContactList.parse(body)).toEqual(body);
  return body as ContactList;
}

const keyOf = ({ contactId, number }: Contact): string => contactId ?? number ?? '';

describe('the contacts of a campaign', () => {
  it('are each shown once, with the sum of their calls', async () => {
    const { items, nextCursor } = await list('limit=500');
    expect(nextCursor).toBeNull();
    expect(items).toHaveLength(20);
    expect(new Set(items.map(keyOf)).size).toBe(20);
    const calls = (await (await server.get(`/v1/campaigns/${DRILL}/calls?limit=500`)).json()) as CallList;
    expect(items.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(calls.items.length);
    const zero = items.find(({ contactId }) => contactId === 'person-0');
    expect(zero).toEqual({
      contactId: 'person-0',
      number: '+919876543200',
      attributes: { nth: 18 },
      state: 'reached',
      attempts: 2,
      lastOutcome: 'completed',
      lastEndTime: second(164),
      leadStatus: expect.stringMatching(/hot|warm/),
      nextRetryAt: null,
    });
  });

  it('are counted as in the report', async () => {
    await playRetries();
    for (const campaign of [DRILL, 'retries']) {
      const { ledger } = (await server.report(campaign)).progress;
      for (const state of ['reached', 'inFlight', 'waitingRetry', 'unreached'] as const) {
        expect((await list(`state=${state}&limit=500`, campaign)).items, `${campaign} ${state}`).toHaveLength(
          ledger[state],
        );
      }
    }
    const { ledger } = (await server.report('retries')).progress;
    expect(ledger).toMatchObject({ reached: 1, inFlight: 1, waitingRetry: 2, unreached: 3 });
  });

  it('say when they are called again: as announced, else by the policy', async () => {
    const { items } = await list('', 'retries');
    const due = Object.fromEntries(items.map((contact) => [keyOf(contact), contact.nextRetryAt]));
    const announced = Object.values(due).filter((at) => at !== null);
    expect(Date.parse(due['by-policy'] ?? '')).toBe(recent + 600_000);
    expect(Date.parse(due.announced ?? '')).toBe(recent + HOUR_MS);
    expect(announced).toHaveLength(2);
  });

  it('wait for nothing once the list is closed', async () => {
    const change = {
      type: 'campaign',
      campaignId: 'retries',
      change: 'completed',
      at: new Date(recent + 20_000).toISOString(),
    };
    await server.send('POST', '/v1/events', { events: [change] });
    const { items } = await list('state=waitingRetry', 'retries');
    expect(items).toEqual([]);
    expect((await server.report('retries')).progress.ledger.unreached).toBe(5);
    expect((await list('state=unreached', 'retries')).items).toHaveLength(5);
  });

  it('are filtered by state and lead, over pages too', async () => {
    const { items } = await list('limit=500');
    for (const [query, wanted] of [
      ['state=reached', (contact: Contact) => contact.state === 'reached'],
      ['state=inFlight', (contact: Contact) => contact.state === 'inFlight'],
      ['state=reached,inFlight', (contact: Contact) => /^(reached|inFlight)$/.test(contact.state)],
      ['lead=no-answer', (contact: Contact) => contact.leadStatus === 'no-answer'],
      ['lead=unscored&state=inFlight', (contact: Contact) => contact.state === 'inFlight'],
      ['', () => true],
    ] as const) {
      const expected = items.filter(wanted);
      expect(expected.length).toBeGreaterThan(0);
      const found: Contact[] = [];
      let cursor: string | null = null;
      do {
        const page: ContactList = await list(`${query}&limit=3${cursor === null ? '' : `&cursor=${cursor}`}`);
        expect(page.items.length).toBeLessThanOrEqual(3);
        found.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(found).toEqual(expected);
    }
  });

  it.each([
    ['an unknown field', 'colour=red'],
    ['an unknown state', 'state=asleep'],
    ['a damaged cursor', 'cursor=abcdef'],
  ])('refuse %s', async (_what, query) => {
    const response = await server.get(`/v1/campaigns/${DRILL}/contacts?${query}`);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'validation-failed']);
  });

  it('show the best of several verdicts, and a number that was read again with its country', async () => {
    const about = { campaignId: 'best', to: '09876543210', contactId: 'p' };
    const ended = { type: 'ended', status: 'completed', duration: 1, ...about } as const;
    await sendEvents(server, [
      { ...ended, callId: 'b-1', at: second(10) },
      { ...ended, callId: 'b-2', at: second(20) },
      { type: 'lead', ...about, callId: 'b-1', leadStatus: 'warm', at: second(30) },
      { type: 'lead', ...about, callId: 'b-2', leadStatus: 'cold', at: second(30) },
    ]);
    await server.send('POST', '/v1/campaigns', { id: 'best', name: 'B', defaultCountry: 'IN' });
    expect((await list('', 'best')).items).toMatchObject([
      { leadStatus: 'warm', number: '+919876543210', attempts: 2 },
    ]);
    const calls = (await (await server.get('/v1/campaigns/best/calls?number=919876')).json()) as CallList;
    expect(calls.items.map(({ attempt }) => attempt)).toEqual([2, 1]);
  });
});

/** To the second, since the API is told so. */
const recent = Math.floor(Date.now() / 1000) * 1000 - 60_000;

/** One contact for each way to stand. */
async function playRetries(): Promise<void> {
  const campaignId = 'retries';
  await server.send('POST', '/v1/campaigns', {
    id: campaignId,
    name: 'R',
    retry: { maxAttempts: 2, delaySeconds: 600 },
  });
  const call = (contactId: string, ago = 0, attempt = 1) => ({
    campaignId,
    contactId,
    callId: `${contactId}-${attempt}`,
    at: new Date(recent - ago).toISOString(),
  });
  const busy = { type: 'ended', status: 'busy' } as const;
  await sendEvents(server, [
    { ...busy, ...call('by-policy') },
    { ...busy, ...call('announced'), retryDueAt: new Date(recent + HOUR_MS).toISOString() },
    { ...busy, ...call('used-up', 5_000) },
    { ...busy, ...call('used-up', 1_000, 2) },
    { ...busy, ...call('expired', 26 * HOUR_MS) },
    { ...busy, ...call('never-came', 30 * HOUR_MS), retryDueAt: new Date(recent - 25 * HOUR_MS).toISOString() },
    { type: 'initiated', ...call('in-flight') },
    { type: 'ended', status: 'completed', duration: 9, ...call('reached') },
  ]);
}
