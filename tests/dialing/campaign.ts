import type { Campaign, Report, UploadAnswer } from '@ringside/protocol';
import { KEY } from '../../packages/server/src/testing/running-server.ts';

const authorization = { authorization: `Bearer ${KEY}` };
/** A node may be frozen, or its database: whoever waits for it asks again. */
const PATIENCE_MS = 10_000;
const patience = () => AbortSignal.timeout(PATIENCE_MS);
const json = { ...authorization, 'content-type': 'application/json' };

/** A server that may be away for a moment, because somebody kills it again and again. */
export type Server = () => string;

/** What of a campaign the drills choose; the rest is the same for all. */
export interface DrillCampaign {
  readonly id: string;
  readonly contacts: number;
  readonly callsPerSecond: number;
  readonly concurrency: number;
  readonly maxAttempts: number;
}

/** The number of the contact at a place of the list. */
function numberAt(place: number): string {
  return `+9198${String(10_000_000 + place)}`;
}

/** The whole list of a campaign. */
export function numbersOf({ contacts }: Pick<DrillCampaign, 'contacts'>): string[] {
  return Array.from({ length: contacts }, (_, place) => numberAt(place));
}

/** Creates a campaign that Ringside dials, uploads its list, and starts it. */
export async function begin(server: Server, { id, contacts, maxAttempts, ...pace }: DrillCampaign): Promise<void> {
  await sent(server, '/v1/campaigns', {
    ...{ id, name: id, dialer: 'built-in', answerXml: '<Response><Speak>Hello</Speak></Response>' },
    ...{ pace, retry: { maxAttempts, delaySeconds: 1 }, maxCallSeconds: 600 },
    dial: { callerIds: ['+918035735659', '+918035735660'] },
  });
  const answer = await fetch(`${server()}/v1/campaigns/${id}/contacts`, {
    ...{ method: 'POST', headers: { ...authorization, 'content-type': 'text/csv' } },
    body: `number\n${numbersOf({ contacts }).join('\n')}\n`,
  });
  const uploaded = (await answer.json()) as UploadAnswer;
  if (uploaded.accepted !== contacts) throw new Error(`${id}: not all were taken: ${JSON.stringify(uploaded)}`);
  await control(server, id, 'start');
}

/** Gives a command; tries again while the server is away, for a command is idempotent. */
export async function control(server: Server, id: string, command: string, body: object = {}): Promise<Campaign> {
  return (await sent(server, `/v1/campaigns/${id}/${command}`, body)) as Campaign;
}

export async function patch(server: Server, id: string, body: object): Promise<void> {
  await sent(server, `/v1/campaigns/${id}`, body, 'PATCH');
}

/** The report, or `null` while the server is away. */
export async function reportOf(server: Server, id: string): Promise<Report | null> {
  try {
    const answer = await fetch(`${server()}/v1/campaigns/${id}/report`, { headers: authorization, signal: patience() });
    return answer.ok ? ((await answer.json()) as Report) : null;
  } catch {
    return null;
  }
}

/** Attempts of which nobody knows whether they became calls. */
export async function doubtful(server: Server): Promise<unknown[]> {
  const answer = await fetch(`${server()}/v1/attempts/doubtful`, { headers: authorization });
  return ((await answer.json()) as { items: unknown[] }).items;
}

async function sent(server: Server, path: string, body: object, method = 'POST'): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(`${server()}${path}`, {
      ...{ method, headers: json, body: JSON.stringify(body), signal: patience() },
    }).catch(() => null);
    if (answer?.ok) return answer.json();
    const why = answer ? `${answer.status} ${await answer.text()}` : 'nobody answers';
    if (tries === 100 || (answer && answer.status < 500)) throw new Error(`${method} ${path}: ${why}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}
