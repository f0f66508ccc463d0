import type { ServerMessage } from '@ringside/protocol';

export type Transport = 'websocket' | 'sse';

/** Who is watching on this node, and what was sent since the start; in memory only. */
export class LiveStatus {
  readonly viewers: Record<Transport, number> = { websocket: 0, sse: 0 };
  readonly #sent = new Map<ServerMessage['type'], number>();
  #fellBehind = 0;

  /** A message left for one viewer. */
  sent(type: ServerMessage['type']): void {
    this.#sent.set(type, (this.#sent.get(type) ?? 0) + 1);
  }

  /** A viewer reads too slowly and misses changes from now on, until it has drained. */
  fellBehind(): void {
    this.#fellBehind += 1;
  }

  /** A copy of the present counts. */
  read() {
    return { viewers: { ...this.viewers }, sent: [...this.#sent], fellBehind: this.#fellBehind };
  }
}
