import type { MaskClass } from '../access/principal.ts';
import type { LiveText } from './live-text.ts';

/** One reader of one topic, over whatever transport. */
export interface Subscriber {
  readonly mask: MaskClass;
  /** Sends one message; a reader that has left ignores it. */
  send(message: LiveText): void;
  /** It has too much waiting to be sent more, for the first time since it was up to date. */
  fellBehind(): void;
  /** Bytes that wait for the network. */
  readonly backlog: () => number;
}

/** A reader with more than this waiting gets no further patches, but a snapshot once it has drained. */
export const MOST_BACKLOG_BYTES = 1024 * 1024;

/** A reader and whether it holds what patches build on. */
export interface Seat {
  readonly subscriber: Subscriber;
  /** Revision it holds, `null` when it needs a snapshot. */
  holds: string | null;
}

/** Sends to a seat what it needs: the patch if it holds what that builds on, a snapshot if it has room, else nothing. */
export function deliver(
  seat: Seat,
  from: string,
  to: string,
  patch: () => readonly LiveText[],
  snapshot: () => LiveText,
): void {
  const behind = seat.subscriber.backlog() > MOST_BACKLOG_BYTES;
  if (behind) {
    if (seat.holds !== null) seat.subscriber.fellBehind();
    seat.holds = null;
    return;
  }
  if (seat.holds === from) for (const text of patch()) seat.subscriber.send(text);
  else if (seat.holds !== to) seat.subscriber.send(snapshot());
  seat.holds = to;
}
