import { createHmac } from 'node:crypto';
import { iso } from '@ringside/core';
import { z } from 'zod';
import type { PendingOrder } from './control-step.ts';

/** Where a workspace's commands go, with the secret in the clear. */
export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

/** What the answer to one request says. `silence`: nothing that counts as an answer, so it is asked again. */
export type WebhookAnswer =
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'refused'; readonly message: string | null }
  /** It will say so by `POST …/confirm`. */
  | { readonly kind: 'later' }
  | { readonly kind: 'silence'; readonly why: string };

const LONGEST_TRY_MS = 10_000;
const LONGEST_ANSWER = 16 * 1024;
const LONGEST_MESSAGE = 500;
const ACCEPTED = 202;
/** Refusals that may be none in a moment: a time-out, too early, too many requests. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);
const Said = z.object({ confirmed: z.boolean(), message: z.string().optional() });

/** What the secret is sealed for. */
export function webhookOwner(workspace: string): string {
  return `control-webhook ${workspace}`;
}

/** The text of an order; the same however often it is sent. */
export function orderBody(campaignId: string, order: PendingOrder): string {
  const { id, command, actor, reason, until, hangUp, outcomes, askedAt } = order;
  const end = until === null ? null : iso(until);
  return JSON.stringify({ id, command, campaignId, actor, reason, until: end, hangUp, outcomes, at: iso(askedAt) });
}

/** `t=<seconds>,v1=<hex>`: HMAC-SHA256 of the seconds, a dot and the body. */
export function signatureOf(body: string, secret: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000);
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

/** Sends an order once. Redirects are not followed: whoever may set the address may not choose another one later. */
export async function sendOrder(
  { url, secret }: Webhook,
  order: { readonly id: string; readonly body: string; readonly leftMs: number },
  { now, signal }: { readonly now: number; readonly signal: AbortSignal },
): Promise<WebhookAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'x-ringside-delivery': order.id,
        'x-ringside-signature': signatureOf(order.body, secret, now),
      },
      body: order.body,
      signal: AbortSignal.any([
        signal,
        AbortSignal.timeout(Math.max(1, Math.floor(Math.min(LONGEST_TRY_MS, order.leftMs)))),
      ]),
    });
    return answerOf(response.status, await shortText(response));
  } catch {
    // Why, the address may tell too much about the network: it is the administrator's to find out.
    return { kind: 'silence', why: 'the webhook could not be reached' };
  }
}

function answerOf(status: number, text: string | null): WebhookAnswer {
  if (status === ACCEPTED) return { kind: 'later' };
  if (status >= 200 && status < 300) {
    const said = Said.safeParse(jsonOf(text));
    if (!said.success) return { kind: 'silence', why: 'the webhook answered without saying whether it obeyed' };
    return said.data.confirmed ? { kind: 'confirmed' } : { kind: 'refused', message: shortened(said.data.message) };
  }
  if (status >= 400 && status < 500 && !PASSING.has(status)) {
    const said = Said.partial().safeParse(jsonOf(text));
    const message = (said.success && shortened(said.data.message)) || `the webhook answered ${status}`;
    return { kind: 'refused', message };
  }
  return { kind: 'silence', why: `the webhook answered ${status}` };
}

/** The text of an answer, `null` for one that is too long to be one. */
async function shortText(response: Response): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > LONGEST_ANSWER) return null;
  }
  return text;
}

function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}

function shortened(message: string | undefined): string | null {
  return message === undefined || message === '' ? null : message.slice(0, LONGEST_MESSAGE);
}
