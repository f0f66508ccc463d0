import { iso } from '@ringside/core';
import {
  ApiKey,
  ApiKeyCreate,
  ApiKeyMade,
  ApiKeyPatch,
  ApiKeyRotate,
  type Permission,
  type Role,
  WorkspaceId,
} from '@ringside/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { permissionsOf } from '../../access/principal.ts';
import { hashOf, newId, newKey, prefixOf } from '../../access/secrets.ts';
import type { Services } from '../../services.ts';
import type { StoredKey } from '../../store/access/records.ts';
import { principalOf } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { HttpProblem } from '../problems.ts';
import { workspaceFor } from './workspaces.ts';

const params = z.object({ keyId: z.string().min(1).max(64) });
const querystring = z.strictObject({
  workspace: WorkspaceId.optional().describe('Another workspace; needs the right to look after workspaces'),
});
const config = { access: 'administer' } as const;
const tags = ['keys'];

/** API keys: shown once when they are made, kept as hashes, revoked within a second. */
export function keyRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { access } = services.store;

  app.get(
    '/v1/keys',
    {
      config,
      schema: {
        tags,
        summary: 'Keys of the workspace, revoked ones too',
        querystring,
        response: { 200: z.object({ items: z.array(ApiKey), nextCursor: z.null() }) },
      },
    },
    async (request) => {
      const workspace = await workspaceFor(services, request, request.query.workspace);
      return { items: (await access.keys(workspace)).map(keyView), nextCursor: null };
    },
  );

  app.post(
    '/v1/keys',
    {
      config,
      schema: { tags, summary: 'Make a key; it is shown only now', body: ApiKeyCreate, response: { 201: ApiKeyMade } },
    },
    async (request, reply) => {
      const { name, role, scopes = null, expiresInSeconds } = request.body;
      const workspace = await workspaceFor(services, request, request.body.workspace);
      refuseMore(request, role, scopes, workspace);
      const now = services.now();
      const secret = newKey();
      const key: StoredKey = {
        ...{ id: newId('key'), hash: hashOf(secret), prefix: prefixOf(secret), workspace, name, role, scopes },
        ...{ createdAt: now, createdBy: principalOf(request).actor, lastUsedAt: null, revokedAt: null },
        expiresAt: expiresInSeconds === undefined ? null : now + expiresInSeconds * 1000,
      };
      await access.addKey(key, auditOf(request, now, 'key.created', key.id, { workspace }));
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...keyView(key), key: secret });
    },
  );

  app.patch(
    '/v1/keys/:keyId',
    {
      config,
      schema: { tags, summary: 'Change a key', params, querystring, body: ApiKeyPatch, response: { 200: ApiKey } },
    },
    async (request) => {
      const { expiresInSeconds, ...body } = request.body;
      const workspace = await workspaceFor(services, request, request.query.workspace);
      const { keyId } = request.params;
      const before = await keyIn(services, workspace, keyId);
      refuseMore(request, body.role ?? before.role, body.scopes === undefined ? before.scopes : body.scopes, workspace);
      const now = services.now();
      const change = {
        ...defined(body),
        ...(expiresInSeconds === undefined ? {} : { expiresAt: endOf(expiresInSeconds, now) }),
      };
      const done = await access.changeKey(
        workspace,
        keyId,
        change,
        auditOf(request, now, 'key.changed', keyId, { workspace }),
      );
      return keyView(await changedKey(services, done, keyId));
    },
  );

  app.post(
    '/v1/keys/:keyId/rotate',
    {
      config,
      schema: {
        tags,
        summary: 'Another key in its place; the old one may go on for a while',
        params,
        querystring,
        body: ApiKeyRotate,
        response: { 201: ApiKeyMade },
      },
    },
    async (request, reply) => {
      const workspace = await workspaceFor(services, request, request.query.workspace);
      const { keyId } = request.params;
      const before = await keyIn(services, workspace, keyId);
      refuseMore(request, before.role, before.scopes, workspace);
      const now = services.now();
      const secret = newKey();
      const next = { id: newId('key'), hash: hashOf(secret), prefix: prefixOf(secret) };
      const until = now + request.body.graceSeconds * 1000;
      const audit = auditOf(request, now, 'key.rotated', keyId, { workspace });
      const made = await access.rotateKey(workspace, keyId, next, until, audit);
      if (!made) throw noKey(keyId);
      await services.accessChanged();
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...keyView(made), key: secret });
    },
  );

  app.delete(
    '/v1/keys/:keyId',
    { config, schema: { tags, summary: 'Revoke a key, at once', params, querystring, response: { 204: z.null() } } },
    async (request, reply) => {
      const workspace = await workspaceFor(services, request, request.query.workspace);
      const { keyId } = request.params;
      const now = services.now();
      const audit = auditOf(request, now, 'key.revoked', keyId, { workspace });
      await changedKey(services, await access.changeKey(workspace, keyId, { revokedAt: now }, audit), keyId);
      return reply.code(204).send(null);
    },
  );
}

/** Nobody gives out more than they have; only who looks after workspaces may do so, and for another one alone. */
function refuseMore(
  request: FastifyRequest,
  role: Role,
  scopes: readonly Permission[] | null,
  workspace: string,
): void {
  const { permissions, workspace: own } = principalOf(request);
  if (permissions.has('host') && workspace !== own) return;
  const more = [...permissionsOf(role, scopes, workspace)].filter((permission) => !permissions.has(permission));
  if (more.length > 0)
    throw new HttpProblem('forbidden', `This key may not ${more.join(', ')}, so it cannot let another.`);
}

async function keyIn(services: Services, workspace: string, id: string): Promise<StoredKey> {
  const key = (await services.store.access.keys(workspace)).find((each) => each.id === id && each.revokedAt === null);
  if (!key) throw noKey(id);
  return key;
}

async function changedKey(
  services: Services,
  done: Awaited<ReturnType<Services['store']['access']['changeKey']>>,
  id: string,
): Promise<StoredKey> {
  if (done.outcome === 'unknown') throw noKey(id);
  if (done.outcome === 'last-admin') {
    throw new HttpProblem('last-admin-key', 'It is the last key with the role admin. Make another one first.');
  }
  await services.accessChanged();
  return done.key;
}

function noKey(id: string): HttpProblem {
  return new HttpProblem('key-not-found', `There is no key ${id} here, or it was revoked.`);
}

function endOf(seconds: number | null, now: number): number | null {
  return seconds === null ? null : now + seconds * 1000;
}

/** Without members that are `undefined`, which a spread would take for values. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}

function keyView(key: StoredKey): ApiKey {
  const { hash: _hash, workspace: _workspace, scopes, ...rest } = key;
  return {
    ...rest,
    scopes: scopes && [...scopes],
    createdAt: iso(key.createdAt),
    expiresAt: key.expiresAt === null ? null : iso(key.expiresAt),
    lastUsedAt: key.lastUsedAt === null ? null : iso(key.lastUsedAt),
    revokedAt: key.revokedAt === null ? null : iso(key.revokedAt),
  };
}
