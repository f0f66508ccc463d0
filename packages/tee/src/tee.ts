import type { IncomingMessage, ServerResponse } from 'node:http';
import { headersOf, type TeedCallback } from './callback.ts';
import { type Effects, realEffects } from './effects.ts';
import { Notices, type TeeProblem } from './notices.ts';
import { settingsOf, type TeeOptions, type TeeSettings } from './options.ts';
import { Outbox, type OutboxStatus } from './outbox.ts';
import { BODY_LIMIT, type Captured, captureBody, type KeptBodies, whenOver } from './raw-body.ts';

/** Counts since the tee was made. */
export interface TeeStatus extends OutboxStatus {
  /** Callbacks that could not be passed on, as their body could not be had. */
  readonly missed: number;
}

/** Passes callbacks on to Ringside. */
export interface Tee {
  /**
   * Watches a request, which is passed on when its response has ended. To be called before the request is handled.
   * Never throws, and reads nothing from the request.
   *
   * @param target the request target exactly as it was received
   */
  observe(request: IncomingMessage, response: ServerResponse, target: string): void;
  /** A `verify` hook of Express's body parsers, for hosts that parse bodies before the tee sees the request. */
  keepRawBody(request: IncomingMessage, response: ServerResponse, body: Buffer): void;
  status(): TeeStatus;
  /**
   * Delivers what waits, for as long as allowed, then stops. What is left stays in the queue file; without one, it is
   * dropped with the reason `closed`. Close the host's HTTP server first. Never rejects.
   *
   * @param withinMs milliseconds; default: the option `closeWithinMs`
   */
  close(withinMs?: number): Promise<void>;
}

/**
 * Makes a tee for a host of any framework on `node:http`. Express and Fastify have their own entry points.
 *
 * @throws TypeError when an option cannot be used
 */
export function createTee(options: TeeOptions): Tee {
  return teeOf(settingsOf(options), realEffects);
}

/** A tee with everything it does to the world as an argument. */
export function teeOf(settings: TeeSettings, effects: Effects): Tee {
  const notices = new Notices(settings, effects.warn);
  const outbox = new Outbox(settings, notices, effects);
  const taker = new Taker(outbox, notices);
  const kept: KeptBodies = new WeakMap();
  const seen = new WeakSet<object>();
  let closing: Promise<void> | null = null;

  const observe: Tee['observe'] = (request, response, target) => {
    const { method, headers } = request;
    // A middleware may be mounted at two paths that both match.
    if ((method !== 'GET' && method !== 'POST') || seen.has(request)) return;
    seen.add(request);
    if (!settings.match({ method, headers, path: target.split('?', 1)[0] ?? '' })) return;
    const captured = captureBody(request, kept);
    const head = { method, url: settings.publicUrl + target, headers: headersOf(headers) } as const;
    whenOver(request, response, () => notices.guard(() => taker.take(head, captured())));
  };

  return {
    observe: (...what) => notices.guard(() => observe(...what)),
    keepRawBody: (request, _response, body) => {
      kept.set(request, body);
    },
    status: () => ({ ...outbox.status(), missed: taker.missed }),
    close: (withinMs = settings.closeWithinMs) => {
      closing ??= outbox.close(withinMs).catch((error: unknown) => notices.fault(error));
      return closing;
    },
  };
}

/** Puts callbacks into the outbox, and says why where it cannot. */
class Taker {
  missed = 0;
  readonly #outbox: Outbox;
  readonly #notices: Notices;

  constructor(outbox: Outbox, notices: Notices) {
    this.#outbox = outbox;
    this.#notices = notices;
  }

  take(head: Omit<TeedCallback, 'body'>, captured: Captured): void {
    if (captured.state === 'missing') this.#miss({ code: 'raw-body-missing', message: MISSING });
    else if (captured.state === 'too-large') this.#miss({ code: 'body-too-large', message: TOO_LARGE });
    else {
      if (captured.state === 'rebuilt') this.#notices.problem({ code: 'raw-body-rebuilt', message: REBUILT });
      this.#outbox.add({ ...head, body: captured.text });
    }
  }

  #miss(problem: TeeProblem): void {
    this.missed += 1;
    this.#notices.problem(problem);
  }
}

const FIX = 'Use the tee before the body parsers, or give them { verify: tee.keepRawBody }.';
const MISSING = `A callback could not be passed on: its body had been read before. ${FIX}`;
const REBUILT = `A body parser ran before the tee, so the form is put together again from its fields. ${FIX}`;
const TOO_LARGE = `A callback could not be passed on: its body is larger than ${BODY_LIMIT} bytes.`;
