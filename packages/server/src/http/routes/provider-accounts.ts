import { iso } from '@ringside/core';
import { ProviderAccount, ProviderAccountCreate, ProviderAccountPatch } from '@ringside/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { newId } from '../../access/secrets.ts';
import { ownerOf } from '../../providers/accounts.ts';
import type { Services } from '../../services.ts';
import type { SealedToken, StoredAccount } from '../../store/access/records.ts';
import { SIMULATION_WORKSPACE } from '../../store/limits.ts';
import { principalOf } from '../access-hook.ts';
import { auditOf } from '../audit-note.ts';
import { HttpProblem } from '../problems.ts';

const params = z.object({ accountId: z.string().min(1).max(64) });
const config = { access: 'administer' } as const;
const tags = ['provider accounts'];
const HINT_LENGTH = 4;

/** Accounts at voice providers. Their tokens go in and never come out again. */
export function providerAccountRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { access } = services.store;
  const sealed = (token: string, account: { workspace: string; id: string }): SealedToken => ({
    sealed: services.box.seal(token, ownerOf(account)),
    hint: `…${token.slice(-HINT_LENGTH)}`,
    addedAt: services.now(),
  });

  app.get(
    '/v1/provider-accounts',
    {
      config,
      schema: {
        tags,
        summary: 'Provider accounts of the workspace',
        response: { 200: z.object({ items: z.array(ProviderAccount), nextCursor: z.null() }) },
      },
    },
    async (request) => {
      const { workspace } = principalOf(request);
      const stored = (await access.accounts()).filter((account) => account.workspace === workspace);
      return { items: [...configuredView(services, workspace), ...stored.map(accountView)], nextCursor: null };
    },
  );

  app.post(
    '/v1/provider-accounts',
    {
      config,
      schema: { tags, summary: 'Add an account', body: ProviderAccountCreate, response: { 201: ProviderAccount } },
    },
    async (request, reply) => {
      const { provider, authId, name = authId, limits = null, token } = request.body;
      const { workspace } = principalOf(request);
      if (workspace === SIMULATION_WORKSPACE) throw noAccountHere();
      const now = services.now();
      const id = newId('acc');
      const tokens = [sealed(token, { workspace, id })];
      const account: StoredAccount = { id, workspace, provider, authId, name, tokens, limits, createdAt: now };
      if (!(await access.addAccount(account, auditOf(request, now, 'account.created', id)))) {
        throw new HttpProblem(
          'account-exists',
          `The workspace has the account ${authId} already. Add the token to it with PATCH.`,
        );
      }
      await services.accessChanged();
      return reply.code(201).send(accountView(account));
    },
  );

  app.patch(
    '/v1/provider-accounts/:accountId',
    {
      config,
      schema: {
        tags,
        summary: 'Name it, say what the provider lets it do, or replace its token',
        params,
        body: ProviderAccountPatch,
        response: { 200: ProviderAccount },
      },
    },
    async (request) => {
      const { accountId: id } = request.params;
      const { name, limits, addToken, dropTokens } = request.body;
      const { workspace } = principalOf(request);
      const change = {
        name,
        limits,
        dropTokens,
        addToken: addToken === undefined ? undefined : sealed(addToken, { workspace, id }),
      };
      const audit = auditOf(request, services.now(), 'account.changed', id);
      const changed = await access.changeAccount(workspace, id, change, audit);
      if (!changed) throw noAccount(id);
      await services.accessChanged();
      return accountView(changed);
    },
  );

  app.delete(
    '/v1/provider-accounts/:accountId',
    {
      config,
      schema: {
        tags,
        summary: 'Remove it; its callbacks are refused from now on',
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { accountId } = request.params;
      const audit = auditOf(request, services.now(), 'account.removed', accountId);
      if (!(await access.removeAccount(principalOf(request).workspace, accountId, audit))) throw noAccount(accountId);
      await services.accessChanged();
      return reply.code(204).send(null);
    },
  );
}

function noAccount(id: string): HttpProblem {
  return new HttpProblem('account-not-found', `There is no provider account ${id} here that can be changed.`);
}

function noAccountHere(): HttpProblem {
  return new HttpProblem('forbidden', 'The simulation has no provider account, so that nothing in it calls anybody.');
}

function accountView({ workspace: _workspace, ...account }: StoredAccount): ProviderAccount {
  const tokens = account.tokens.map(({ hint, addedAt }) => ({ hint, addedAt: iso(addedAt) }));
  return { ...account, tokens, createdAt: iso(account.createdAt), configured: false };
}

/** The account that the settings name; it is the default workspace's. */
function configuredView(services: Services, workspace: string): ProviderAccount[] {
  const { plivoAuthId: authId, plivoAuthTokens } = services.config;
  if (workspace !== services.workspace || plivoAuthTokens.length === 0) return [];
  const addedAt = iso(services.startedAt);
  const tokens = plivoAuthTokens.map((token) => ({ hint: `…${token.slice(-HINT_LENGTH)}`, addedAt }));
  const name = 'PLIVO_AUTH_ID';
  const shown = { id: 'configured', provider: 'plivo', authId, name, tokens, limits: null } as const;
  return [{ ...shown, createdAt: addedAt, configured: true }];
}
