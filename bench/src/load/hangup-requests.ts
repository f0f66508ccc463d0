import { randomInt, randomUUID } from 'node:crypto';
import { callbackRequest, callbackUrl, type Form, type HangupCode, hangupForm } from '@ringside/sandbox';
import { httpBytes } from './http-bytes.ts';
import { PUBLIC_URL, type Traffic } from './load.ts';

const AUTH_ID = 'MABENCH00000000BENCH';

/** Taken in turn: half of the calls are answered. */
const codes: readonly HangupCode[] = [4000, 3000, 4000, 3010, 4000, 6010, 4000, 3000, 4000, 3020];

/** Signed hangups of calls that ended just now in the order in which they come, each of another call, campaign by turn. */
export function hangupRequests({ campaigns, token, count, perSecond, own }: Traffic & { kind: 'hangups' }): Buffer[] {
  const base = own ? `${PUBLIC_URL}/w/${own.workspace}` : PUBLIC_URL;
  const authId = own?.authId ?? AUTH_ID;
  const account = { base, authId, authTokens: [token], method: 'POST' } as const;
  const urls = campaigns.map((campaign) => callbackUrl(base, 'hangup', campaign));
  const firstAt = Date.now() - (count / perSecond) * 1_000;
  return Array.from({ length: count }, (_, index) => {
    const url = urls[index % urls.length] ?? '';
    const code = codes[Math.floor(index / urls.length) % codes.length] ?? 4000;
    const form = hangup(authId, code, Math.floor(firstAt + (index / perSecond) * 1_000));
    const { headers, body } = callbackRequest(account, url, form, String(randomInt(1e14)).padStart(20, '3'));
    return httpBytes('POST', url.slice(PUBLIC_URL.length), headers, body);
  });
}

function hangup(authId: string, code: HangupCode, endedAt: number): Form {
  const answeredAt = code === 4000 ? endedAt - randomInt(5_000, 90_000) : null;
  const startedAt = (answeredAt ?? endedAt) - randomInt(4_000, 25_000);
  const id = randomUUID();
  const call = {
    authId,
    callUuid: id,
    requestUuid: id,
    from: '+918035738000',
    to: `+919${randomInt(1e8, 1e9)}`,
    sessionStart: startedAt + 0.25,
    billRate: '0.005',
  };
  return hangupForm(call, { startedAt, answeredAt, endedAt, code, zone: 'Asia/Kolkata' });
}
