/** Plays Plivo for one call to a host: its ring, answer and hangup callbacks, signed with the account's token. */
import { randomUUID } from 'node:crypto';
import { callbackRequest, type Form, hangupForm, ringForm, startAppForm } from '@ringside/sandbox';

const {
  HOST_URL: hostUrl = 'http://127.0.0.1:5080',
  // What the host is called by outside; signatures cover it, wherever the request really goes.
  PUBLIC_URL: publicUrl = hostUrl,
  PLIVO_AUTH_ID: authId = 'MAXXXXXXXXXXXXXXXXXX',
  PLIVO_AUTH_TOKEN: authToken = 'secret',
  CAMPAIGN: campaignId = 'example',
} = process.env;

const endedAt = Math.floor(Date.now() / 1_000) * 1_000 - 1_000;
const startedAt = endedAt - 45_000;
const callUuid = randomUUID();
const call = {
  authId,
  callUuid,
  requestUuid: callUuid,
  from: '+918035735659',
  to: '+919876543210',
  sessionStart: startedAt,
  billRate: '0.005',
};
const end = { startedAt, answeredAt: startedAt + 8_000, endedAt, code: 4000, zone: 'UTC' } as const;
const account = { base: publicUrl, authId, authTokens: [authToken], method: 'POST' } as const;

async function callBack(path: string, form: Form): Promise<void> {
  const url = `${publicUrl}${path}?campId=${encodeURIComponent(campaignId)}`;
  const { method, headers, body } = callbackRequest(account, url, form, randomUUID().replaceAll('-', ''));
  const answer = await fetch(hostUrl + url.slice(publicUrl.length), { method, headers, body });
  console.log(`${path}: ${answer.status} ${await answer.text()}`);
}

await callBack('/plivo/ring', ringForm(call));
await callBack('/plivo/answer', startAppForm(call));
await callBack('/plivo/hangup', hangupForm(call, end));
console.log(`played call ${callUuid} of campaign ${campaignId}`);
