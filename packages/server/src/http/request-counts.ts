import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Distribution } from '../metrics/distribution.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer goes on until somebody hangs up, so that its duration tells nothing. */
    endless?: true;
  }
}

/** Seconds: reports at hand take less than one millisecond, files of a million calls some minutes. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Requests of one method to one route. */
interface Tally {
  readonly method: string;
  /** The pattern, never the path that was asked for. */
  readonly route: string;
  /** By the first digit of the status. */
  readonly byClass: number[];
  readonly seconds: Distribution | null;
}

/** Answered requests since the start, by route; in memory only. */
export class RequestCounts {
  readonly #tallies = new Map<string, Tally>();
  readonly #unrouted = this.#tally('any', 'none', null);

  /** Counts the requests of every route that registers from now on. */
  install(app: FastifyInstance): void {
    // One hook for each route that knows its tally: looking it up for each request would cost more than counting.
    app.addHook('onRoute', (route) => {
      route.onResponse = this.#hookOf(route);
    });
  }

  /** A request for something that is no route. */
  unrouted(status: number): void {
    count(this.#unrouted, status);
  }

  /** Tallies of routes that were asked for. */
  read(): readonly Tally[] {
    return [...this.#tallies.values()].filter(({ byClass }) => byClass.some((requests) => requests > 0));
  }

  #hookOf({ method, url, config }: RouteOptions) {
    const methods = [method].flat().filter((one) => METHODS.includes(one));
    const seconds = config?.endless ? () => null : () => new Distribution(SECONDS);
    const tallies = new Map(methods.map((one) => [one, this.#tally(one, url, seconds())]));
    return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
      const tally = tallies.get(request.method);
      if (tally) {
        count(tally, reply.statusCode);
        tally.seconds?.observe(reply.elapsedTime / 1_000);
      }
      done();
    };
  }

  #tally(method: string, route: string, seconds: Distribution | null): Tally {
    const tally = { method, route, byClass: [0, 0, 0, 0, 0, 0], seconds };
    this.#tallies.set(`${method} ${route}`, tally);
    return tally;
  }
}

function count({ byClass }: Tally, status: number): void {
  const digit = Math.floor(status / 100);
  byClass[digit] = (byClass[digit] ?? 0) + 1;
}
