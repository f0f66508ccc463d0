import type { FastifyReply } from 'fastify';
import type { EndReason, LiveGuards } from '../access/live-guards.ts';
import type { Principal } from '../access/principal.ts';
import { HttpProblem } from './problems.ts';
import { whenOver } from './when-over.ts';

const details: Readonly<Record<EndReason, string>> = {
  revoked: 'This access has ended.',
  changed: 'This access has changed meanwhile. Send the request again.',
};

/** The access of a request that may take long, from its admission to the end of its response. */
export class WatchedAccess {
  #ended: HttpProblem | null = null;
  #end: (why: HttpProblem) => void = () => {};

  constructor(guards: LiveGuards, principal: Principal, reply: FastifyReply) {
    const unguard = guards.add(principal, (why) => {
      if (this.#ended) return;
      this.#ended = new HttpProblem('unauthenticated', details[why]);
      this.#end(this.#ended);
    });
    whenOver(reply, unguard);
  }

  /** @throws HttpProblem 401 when the access has ended: called before the first byte of an answer */
  check(): void {
    if (this.#ended) throw this.#ended;
  }

  /** @param end is called when the access ends, at once when it has; it replaces the one given before */
  onEnd(end: (why: HttpProblem) => void): void {
    this.#end = end;
    if (this.#ended) end(this.#ended);
  }
}
