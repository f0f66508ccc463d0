import { iso } from '@ringside/core';
import { SimulationOpened, type SimulationRun, SimulationStatus } from '@ringside/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '../../services.ts';
import type { RunningSimulation } from '../../simulation/run-key.ts';
import { type Requester, SimulationFailed } from '../../simulation/simulation.ts';
import { SIMULATION_WORKSPACE } from '../../store/limits.ts';
import { principalOf } from '../access-hook.ts';
import { HttpProblem } from '../problems.ts';
import { createShareLink } from './share-links.ts';

const LINK_SECONDS = 86_400;
const config = { access: 'administer' } as const;
const tags = ['simulation'];

/** A simulated campaign, for people who have none yet. */
export function simulationRoutes(instance: FastifyInstance, services: Services): void {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { simulation } = services;
  const viewOf = async (request: FastifyRequest, run: RunningSimulation): Promise<SimulationRun> => ({
    ...{ campaignId: run.campaignId, startedAt: iso(run.startedAt), endsAt: iso(run.endsAt) },
    own: await simulation.isStartedBy(principalOf(request).workspace, run),
  });

  app.get(
    '/v1/simulation',
    { config, schema: { tags, summary: 'The simulated campaign that runs', response: { 200: SimulationStatus } } },
    async (request) => {
      const run = await simulation.running();
      return { available: services.config.simulation, running: run && (await viewOf(request, run)) };
    },
  );

  app.post(
    '/v1/simulation',
    {
      config,
      schema: {
        tags,
        summary: 'Run a simulated campaign of some minutes, or open the one that runs; nobody is called',
        body: z.strictObject({}).nullish(),
        response: { 200: SimulationOpened, 201: SimulationOpened },
      },
    },
    async (request, reply) => {
      if (!services.config.simulation)
        throw new HttpProblem('simulation-off', 'Set RINGSIDE_SIMULATION=1 and restart to allow it.');
      const { isNew, ...run } = await simulation.open(requesterOf(request)).catch(refusalOf);
      const link = { workspace: SIMULATION_WORKSPACE, campaignId: run.campaignId, name: 'Simulation' };
      const { url } = await createShareLink(services, request, { ...link, expiresInSeconds: LINK_SECONDS });
      return reply
        .code(isNew ? 201 : 200)
        .header('cache-control', 'no-store')
        .send({ ...(await viewOf(request, run)), url });
    },
  );

  app.delete(
    '/v1/simulation',
    {
      config,
      schema: {
        tags,
        summary: 'Stop the simulated campaign that this workspace started; an admin of the default one stops any',
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { workspace, permissions } = principalOf(request);
      const run = await simulation.running();
      if (run && !permissions.has('host') && !(await simulation.isStartedBy(workspace, run)))
        throw new HttpProblem('forbidden', 'Another workspace started this simulation. It ends by itself.');
      await simulation.stop(requesterOf(request));
      return reply.code(204).send(null);
    },
  );
}

function requesterOf(request: FastifyRequest): Requester {
  const { workspace, actor, home } = principalOf(request);
  return { workspace, actor, address: request.ip, timeZone: home.timeZone };
}

/** @throws HttpProblem in place of a failed start */
function refusalOf(error: unknown): never {
  if (!(error instanceof SimulationFailed)) throw error;
  throw new HttpProblem('simulation-unavailable', 'The log of the server says why. Try again.');
}
