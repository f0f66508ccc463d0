/** A dialing loop as it may exist already. It places no real calls: it only tells Ringside of them. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { RingsideClient } from '@ringside/client';
import { DialerGate } from './dialer-gate.ts';

const {
  RINGSIDE_URL: url = '',
  RINGSIDE_KEY: key = '',
  // Ringside showed it when the control webhook was set.
  CONTROL_SECRET: secret = '',
  PORT = '5090',
  CAMPAIGN: campaignId = 'gated',
  CONTACTS = '60',
  CALLS_PER_SECOND = '2',
} = process.env;
if (url === '' || key === '') throw new Error('set RINGSIDE_URL and RINGSIDE_KEY');

const client = new RingsideClient({ url, key });
const gate = new DialerGate({ url, key, secret });
const server = createServer(gate.webhook).listen(Number(PORT), '127.0.0.1');
await once(server, 'listening');
console.log(`orders are taken at http://127.0.0.1:${(server.address() as AddressInfo).port}`);

const contacts = Number(CONTACTS);
const waitMs = 1_000 / Number(CALLS_PER_SECOND);
await client.request('/v1/campaigns', {
  method: 'POST',
  body: { id: campaignId, name: 'Behind a gate', totalCalls: contacts },
});

for (let n = 1; n <= contacts; ) {
  await sleep(waitMs);
  // This line is all that the gate adds to the loop.
  if (!(await gate.mayDial(campaignId))) continue;
  await call(n);
  n += 1;
}
gate.close();
server.close();
console.log('every contact was called');

/** Here the loop would place a call. */
async function call(n: number): Promise<void> {
  const at = new Date().toISOString();
  const named = { campaignId, callId: `${campaignId}-${n}`, contactId: `contact-${n}`, at };
  const events = [
    { ...named, type: 'initiated' },
    { ...named, type: 'ended', status: 'no-answer' },
  ];
  await client.request('/v1/events', { method: 'POST', body: { events } });
  console.log(`called contact ${n}`);
}
