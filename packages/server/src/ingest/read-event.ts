import type { Delivery } from '@ringside/core';
import { EventInput } from '@ringside/protocol';
import { callDelivery, campaignDelivery, type EventSource } from './api-event.ts';

const MAX_AHEAD_MS = 5 * 60_000;

/** Why an event cannot be taken. */
export interface Rejection {
  readonly code: string;
  readonly field: string;
  readonly message: string;
}

/** Checks one item of `/v1/events` and makes it a delivery. */
export function readEvent(
  item: unknown,
  receivedAt: number,
  source: EventSource,
): Rejection | { readonly campaignId: string; readonly delivery: Delivery } {
  const parsed = EventInput.safeParse(item);
  if (!parsed.success) return rejection(parsed.error.issues);
  const event = parsed.data;
  if (Date.parse(event.at) > receivedAt + MAX_AHEAD_MS) {
    return { code: 'at-in-future', field: 'at', message: 'lies more than 5 minutes ahead of this server' };
  }
  const delivery =
    event.type === 'campaign' ? campaignDelivery(event, receivedAt, source) : callDelivery(event, receivedAt, source);
  return { campaignId: event.campaignId, delivery };
}

interface Issue {
  readonly path: PropertyKey[];
  readonly message: string;
  readonly code?: string | undefined;
  readonly keys?: string[];
  readonly errors?: readonly (readonly Issue[])[];
}

/** The first thing that is wrong, in the branch of the union that came closest. */
function rejection(issues: readonly Issue[]): Rejection {
  const [first] = issues;
  const branches = first?.errors ?? [];
  if (first?.code === 'invalid_union' && branches.length > 0) {
    const closest = [...branches].sort((a, b) => wrongness(a) - wrongness(b))[0];
    if (closest && closest.length > 0) return rejection(closest);
  }
  const field = first?.keys?.[0] ?? first?.path.join('.') ?? '';
  return { code: 'validation-failed', field, message: first?.message ?? 'is not valid' };
}

/** A branch of another type is further away than one with a wrong field. */
function wrongness(issues: readonly Issue[]): number {
  return issues.some((issue) => issue.path[0] === 'type') ? 1_000 : issues.length;
}
