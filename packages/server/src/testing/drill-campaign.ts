import type { CallEventInput } from '@ringside/protocol';
import type { TestServer } from './running-server.ts';

export const DRILL = 'drill';
const START = Date.UTC(2025, 7, 7, 14);

/** The instant so many seconds after the first call of the campaign was placed. */
export function second(n: number): string {
  return new Date(START + n * 1000).toISOString().replace('.000Z', 'Z');
}

interface Ending {
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed';
  readonly code: number;
  readonly talk?: number;
}

const endings: readonly Ending[] = [
  { status: 'completed', code: 4000, talk: 130 },
  { status: 'busy', code: 3010 },
  { status: 'no-answer', code: 3000 },
  { status: 'completed', code: 4010, talk: 20 },
  { status: 'failed', code: 5020 },
  { status: 'completed', code: 4000, talk: 60 },
];

/** Ended calls `d-00` to `d-23`, of which the last six repeat the first six contacts, and two live ones. */
function drillEvents(): CallEventInput[] {
  const ended = Array.from({ length: 24 }, (_, n) => callEvents(n));
  return [...ended.flat(), ...live('d-live-1', 300), ...live('d-live-2', 310)];
}

function callEvents(n: number): CallEventInput[] {
  const { status, code, talk } = endings[n % endings.length] ?? { status: 'failed', code: 5020 };
  const about = {
    campaignId: DRILL,
    callId: `d-${String(n).padStart(2, '0')}`,
    to: `+9198765432${String(n % 18).padStart(2, '0')}`,
    from: '+918035735659',
    ...(n % 2 === 0 ? { contactId: `person-${n % 18}` } : {}),
  };
  const startedAt = (n * 7) % 24;
  const endedAt = startedAt + 10 + (talk ?? 0) + n;
  const placed: CallEventInput = { type: 'initiated', ...about, at: second(startedAt), attributes: { nth: n } };
  const end: CallEventInput = {
    type: 'ended',
    ...about,
    at: second(endedAt),
    status,
    hangupCode: code,
    ...(talk === undefined ? {} : { duration: talk, billDuration: 180, cost: '0.01842' }),
  };
  if (talk === undefined) return [placed, end];
  const by = n % 4 === 3 ? 'machine' : 'human';
  return [placed, { type: 'answered', ...about, at: second(startedAt + 10), answeredBy: by }, end];
}

function live(callId: string, startedAt: number): CallEventInput[] {
  const about = { campaignId: DRILL, callId, to: `+44207946000${callId.at(-1)}`, at: second(startedAt) };
  return [
    { type: 'initiated', ...about },
    { type: 'ringing', ...about, at: second(startedAt + 2) },
  ];
}

/** Registers the campaign and sends its events. */
export async function playDrill(server: TestServer): Promise<void> {
  await server.send('POST', '/v1/campaigns', {
    id: DRILL,
    name: 'Drill',
    currency: 'INR',
    retry: { maxAttempts: 3, delaySeconds: 600 },
  });
  await sendEvents(server, drillEvents());
}

/** Sends events, and fails unless all are accepted. */
export async function sendEvents(server: TestServer, events: readonly CallEventInput[]): Promise<void> {
  const response = await server.send('POST', '/v1/events', { events });
  const { results } = (await response.json()) as { results: { result: string }[] };
  const refused = results.filter(({ result }) => result !== 'accepted');
  if (refused.length > 0) throw new Error(`not accepted: ${JSON.stringify(refused[0])}`);
}
