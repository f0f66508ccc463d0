import { iso } from '@ringside/core';
import { Workspace, WorkspaceCreate, WorkspaceId, WorkspacePatch } from '@ringside/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '../../services.ts';
import type { StoredWorkspace } from '../../store/access/records.ts';
import { DEFAULT_WORKSPACE, USUAL_LIMITS } from '../../store/limits.ts';
import { principalOf } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { HttpProblem } from '../problems.ts';

const params = z.object({ workspaceId: WorkspaceId });
const tags = ['workspaces'];

/** Workspaces, one for each client: who looks after them makes and closes them, their own admins name them. */
export function workspaceRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { access } = services.store;

  app.get(
    '/v1/workspaces',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The workspaces that one may know of',
        response: { 200: z.object({ items: z.array(Workspace), nextCursor: z.null() }) },
      },
    },
    async (request) => {
      const { permissions, workspace } = principalOf(request);
      const all = await access.workspaces();
      const known = permissions.has('host') ? all : all.filter(({ id }) => id === workspace);
      return { items: known.map(workspaceView), nextCursor: null };
    },
  );

  app.post(
    '/v1/workspaces',
    {
      config: { access: 'host' },
      schema: { tags, summary: 'Make a workspace', body: WorkspaceCreate, response: { 201: Workspace } },
    },
    async (request, reply) => {
      const { id, name = id, timeZone, limits } = request.body;
      const now = services.now();
      const made = {
        id,
        name,
        timeZone,
        limits: { ...USUAL_LIMITS, ...defined(limits) },
        createdAt: now,
        closedAt: null,
      };
      const audit = auditOf(request, now, 'workspace.created', id, { workspace: id });
      if (!(await access.addWorkspace(made, audit))) {
        throw new HttpProblem(
          'workspace-exists',
          `There is a workspace ${id} already. Read it with GET, change it with PATCH.`,
        );
      }
      await services.accessChanged();
      return reply.code(201).send(workspaceView(made));
    },
  );

  app.get(
    '/v1/workspaces/:workspaceId',
    { config: { access: 'read' }, schema: { tags, summary: 'One workspace', params, response: { 200: Workspace } } },
    async (request) => workspaceView(await knownWorkspace(services, request, request.params.workspaceId)),
  );

  app.patch(
    '/v1/workspaces/:workspaceId',
    {
      config: { access: 'administer' },
      schema: {
        tags,
        summary: 'Change a workspace; limits and closing are for who looks after workspaces',
        params,
        body: WorkspacePatch,
        response: { 200: Workspace },
      },
    },
    async (request) => {
      const { closed, limits, ...rest } = request.body;
      const before = await knownWorkspace(services, request, request.params.workspaceId);
      const { id } = before;
      if ((closed !== undefined || limits) && !principalOf(request).permissions.has('host')) {
        throw new HttpProblem('forbidden', 'Limits and closing are for admins of the default workspace.');
      }
      if (closed && id === DEFAULT_WORKSPACE) {
        throw new HttpProblem(
          'forbidden',
          'The default workspace cannot be closed: nobody could look after the others.',
        );
      }
      const now = services.now();
      const closedAt = closed === undefined ? before.closedAt : closed ? (before.closedAt ?? now) : null;
      const change = { ...defined(rest), limits: { ...before.limits, ...defined(limits) }, closedAt };
      const audit = auditOf(request, now, 'workspace.changed', id, { workspace: id });
      const changed = await access.changeWorkspace(id, change, audit);
      await services.accessChanged();
      return workspaceView(changed ?? before);
    },
  );
}

/**
 * The workspace that a request is about: its own, or for who looks after workspaces another one.
 * @throws HttpProblem 403 for somebody else's, 404 for an unknown one
 */
export async function workspaceFor(
  services: Services,
  request: FastifyRequest,
  asked: string | undefined,
): Promise<string> {
  const { workspace, permissions } = principalOf(request);
  if (asked === undefined || asked === workspace) return workspace;
  if (!permissions.has('host')) throw noWorkspace(asked);
  if (!(await services.store.access.workspace(asked))) throw noWorkspace(asked);
  return asked;
}

async function knownWorkspace(services: Services, request: FastifyRequest, id: string): Promise<StoredWorkspace> {
  await workspaceFor(services, request, id);
  const found = await services.store.access.workspace(id);
  if (!found) throw noWorkspace(id);
  return found;
}

/** Unknown here, or not one's own: the answer is the same. */
function noWorkspace(id: string): HttpProblem {
  return new HttpProblem('workspace-not-found', `There is no workspace ${id} here.`);
}

function defined<T extends object>(value: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([, each]) => each !== undefined)) as never;
}

function workspaceView(workspace: StoredWorkspace): Workspace {
  const { createdAt, closedAt } = workspace;
  return { ...workspace, createdAt: iso(createdAt), closedAt: closedAt === null ? null : iso(closedAt) };
}
