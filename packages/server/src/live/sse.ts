import { iso } from '@ringside/core';
import { CampaignId, PROTOCOL_VERSION } from '@ringside/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { maskOf } from '../access/principal.ts';
import { principalOf, watchedAccessOf } from '../http/access-hook.ts';
import { sightOf } from '../http/audit-note.ts';
import { noCampaign } from '../http/routes/campaigns.ts';
import type { Services } from '../services.ts';
import { StoreFault } from '../store/store.ts';
import { EventStream } from './event-stream.ts';
import { HEARTBEAT_MS } from './heartbeat.ts';
import type { Topic } from './hub.ts';
import { LiveText } from './live-text.ts';
import type { Subscriber } from './subscriber.ts';
import { tooManyConnections } from './too-many-connections.ts';

/** Topic of one stream. */
interface Followed {
  /** Fulfils with `null` where there is no such topic. */
  readonly join: (subscriber: Subscriber) => Promise<Topic | null>;
  readonly leave: (subscriber: Subscriber) => void;
  readonly beat: (revision: string) => { revisions: Record<string, string>; overview?: string };
}

const route = {
  // The answer to a HEAD would never end.
  exposeHeadRoute: false,
} as const;

/** Live reports over server-sent events: the messages of the WebSocket, one topic a connection. */
export function sseRoutes(instance: FastifyInstance, services: Services): () => void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const tags = ['live'];
  const open = new Set<EventStream>();

  app.get(
    '/v1/campaigns/:id/live',
    {
      ...route,
      config: { access: 'read', shared: 'campaign', endless: true, watched: true },
      schema: { tags, summary: 'A campaign, pushed (SSE)', params: z.object({ id: CampaignId }) },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { workspace } = principalOf(request);
      if (!(await services.reports.get(workspace, id, 0, 'masked'))) return noCampaign(id);
      const tellSeen = (): void => services.numbersSeen.shown('live', sightOf(request, id));
      return follow(services, request, reply, open, {
        join: (subscriber) => {
          tellSeen();
          return services.hub.joinCampaign(workspace, id, subscriber);
        },
        leave: (subscriber) => services.hub.leaveCampaign(workspace, id, subscriber),
        beat: (revision) => {
          tellSeen();
          return { revisions: { [id]: revision } };
        },
      });
    },
  );

  app.get(
    '/v1/overview/live',
    {
      ...route,
      config: { access: 'read', shared: 'overview', endless: true, watched: true },
      schema: { tags, summary: 'The overview, pushed (SSE)' },
    },
    (request, reply) => {
      const { workspace } = principalOf(request);
      return follow(services, request, reply, open, {
        join: (subscriber) => services.hub.joinOverview(workspace, subscriber),
        leave: (subscriber) => services.hub.leaveOverview(workspace, subscriber),
        beat: (overview) => ({ revisions: {}, overview }),
      });
    },
  );

  return () => {
    for (const stream of open) stream.end();
  };
}

/** Sends the messages of a topic until its reader, access or server goes. @throws HttpProblem before the first byte */
async function follow(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  open: Set<EventStream>,
  { join, leave, beat }: Followed,
): Promise<FastifyReply> {
  const access = watchedAccessOf(request);
  access.check();
  const principal = principalOf(request);
  const slot = services.liveConnections.take(principal, request.ip);
  if (typeof slot === 'number') throw tooManyConnections(reply, slot);
  const stream = openStream(services, reply, open);
  stream.onEnd(slot);
  // The client comes back by itself, and is then let in as who it is now, or refused.
  access.onEnd(() => stream.end());
  const subscriber = subscriberOf(services, stream, maskOf(principal));
  const epoch = services.epoch();
  subscriber.send(new LiveText({ type: 'hello', protocol: PROTOCOL_VERSION, epoch, heartbeatMs: HEARTBEAT_MS }));
  const topic = await join(subscriber).catch((error: unknown) => {
    if (!(error instanceof StoreFault)) services.log.error({ err: error }, 'a live stream failed');
    return null;
  });
  // The client comes back, and is told why by an answer.
  if (!topic) stream.end();
  const beating = setInterval(() => {
    const revision = topic?.revision;
    if (revision) subscriber.send(new LiveText({ type: 'heartbeat', at: iso(Date.now()), ...beat(revision) }));
  }, HEARTBEAT_MS);
  stream.onEnd(() => {
    clearInterval(beating);
    leave(subscriber);
  });
  return reply;
}

function openStream(services: Services, reply: FastifyReply, open: Set<EventStream>): EventStream {
  const stream = new EventStream(reply);
  open.add(stream);
  services.live.viewers.sse += 1;
  stream.onEnd(() => {
    open.delete(stream);
    services.live.viewers.sse -= 1;
  });
  return stream;
}

function subscriberOf({ live }: Services, stream: EventStream, mask: Subscriber['mask']): Subscriber {
  return {
    mask,
    backlog: () => stream.backlog,
    send: (text) => {
      if (!stream.isOpen) return;
      live.sent(text.type);
      stream.write(text);
    },
    fellBehind: () => live.fellBehind(),
  };
}
