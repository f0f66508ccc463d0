import { iso } from '@ringside/core';
import { CampaignId, Overview, PROTOCOL_VERSION } from '@ringside/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { maskOf } from '../access/principal.ts';
import { principalOf } from '../http/access-hook.ts';
import { sightOf } from '../http/audit-note.ts';
import { noCampaign } from '../http/routes/campaigns.ts';
import type { Services } from '../services.ts';
import { textOf } from './campaign-topic.ts';
import type { Topic } from './hub.ts';
import type { LiveText, Subscriber } from './subscriber.ts';
import { HEARTBEAT_MS } from './websocket.ts';

/** Live reports over server-sent events: the messages of the WebSocket, one topic a connection. */
export function sseRoutes(instance: FastifyInstance, services: Services, epoch: string): () => void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const tags = ['live'];
  const open = new Set<FastifyReply>();

  app.get(
    '/v1/campaigns/:id/live',
    {
      // The answer to a HEAD would never end.
      exposeHeadRoute: false,
      config: { access: 'read', shared: 'campaign', endless: true },
      schema: { tags, summary: 'A campaign, pushed (SSE)', params: z.object({ id: CampaignId }) },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { workspace } = principalOf(request);
      if (!(await services.reports.get(workspace, id, 0, 'masked'))) return noCampaign(id);
      const stream = openStream(services, request, reply, open, epoch);
      const topic = await services.hub.joinCampaign(workspace, id, stream.subscriber);
      const tellSeen = (): void => services.numbersSeen.shown('live', sightOf(request, id));
      tellSeen();
      stream.follow(
        topic,
        (revision) => {
          tellSeen();
          return { revisions: { [id]: revision } };
        },
        () => services.hub.leaveCampaign(workspace, id, stream.subscriber),
      );
      return reply;
    },
  );

  app.get(
    '/v1/overview/live',
    {
      exposeHeadRoute: false,
      config: { access: 'read', shared: 'overview', endless: true },
      schema: { tags, summary: 'The overview, pushed (SSE)' },
    },
    async (request, reply) => {
      const { workspace } = principalOf(request);
      const stream = openStream(services, request, reply, open, epoch);
      const topic = await services.hub.joinOverview(workspace, stream.subscriber);
      stream.follow(
        topic,
        (overview) => ({ revisions: {}, overview }),
        () => services.hub.leaveOverview(workspace, stream.subscriber),
      );
      return reply;
    },
  );

  app.get(
    '/v1/overview',
    {
      config: { access: 'read', shared: 'overview' },
      schema: { tags: ['report'], summary: 'The workspace at a glance', response: { 200: Overview } },
    },
    (request) => services.overviews.read(principalOf(request).workspace),
  );

  return () => {
    for (const reply of open) reply.raw.end();
  };
}

type Beat = (revision: string) => { revisions: Record<string, string>; overview?: string };

function openStream(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  open: Set<FastifyReply>,
  epoch: string,
) {
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  open.add(reply);
  services.live.viewers.sse += 1;
  const principal = principalOf(request);
  // The client comes back by itself, and is then let in as who it is now, or refused.
  const unguard = services.guards.addLate(principal, () => raw.end());
  const subscriber: Subscriber = {
    mask: maskOf(principal),
    backlog: () => raw.writableLength,
    send: ({ type, revision, json }: LiveText) => {
      services.live.sent(type);
      raw.write(`event: ${type}\n${revision === null ? '' : `id: ${revision}\n`}data: ${json}\n\n`);
    },
    fellBehind: () => services.live.fellBehind(),
  };
  subscriber.send(textOf({ type: 'hello', protocol: PROTOCOL_VERSION, epoch, heartbeatMs: HEARTBEAT_MS }));

  function follow(topic: Topic | null, beat: Beat, leave: () => void): void {
    const beating = setInterval(() => {
      const revision = topic?.revision;
      if (revision) subscriber.send(textOf({ type: 'heartbeat', at: iso(Date.now()), ...beat(revision) }));
    }, HEARTBEAT_MS);
    const end = (): void => {
      clearInterval(beating);
      open.delete(reply);
      services.live.viewers.sse -= 1;
      unguard();
      leave();
    };
    if (raw.destroyed) end();
    else raw.on('close', end);
  }
  return { subscriber, follow };
}
