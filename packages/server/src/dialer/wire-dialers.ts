import type { AccountLimits } from '@ringside/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config/options.ts';
import type { Effects } from '../effects.ts';
import type { Services } from '../services.ts';
import { ListTeller } from '../upload/tell-list.ts';
import { DialCounts } from './dial-counts.ts';
import { Dialers } from './dialers.ts';
import { PlivoCalls, type PlivoCallsSettings } from './plivo/plivo-calls.ts';
import { type DialerSettings, usualDialing } from './settings.ts';
import { changerOf, tellerOf } from './teller.ts';

/** What Plivo lets every account do. */
const USUAL_CALLS_PER_SECOND = 2;
/** Where Plivo limits calls at once, as in India, it lets an account start a 25th of them each second. */
const SLOTS_PER_CALL_A_SECOND = 25;

export interface DialersSetup {
  readonly config: Config;
  readonly log: FastifyBaseLogger;
  readonly effects: Effects;
  readonly services: Pick<Services, 'store' | 'intake' | 'accounts' | 'nodes' | 'publicUrls' | 'publish'>;
  readonly settings?: Partial<DialerSettings> | undefined;
  readonly plivo?: Partial<PlivoCallsSettings> | undefined;
}

export function wireDialers({ config, log, effects, services, settings, plivo }: DialersSetup): Dialers {
  const { store, intake, accounts, nodes, publicUrls, publish } = services;
  const stopping = new AbortController();
  const usual = usualLimits(config);
  const lists = new ListTeller({ store, intake, now: effects.now });
  return new Dialers({
    ...{ store, effects, log, stopping },
    tell: tellerOf({ intake, effects, log, stopping: stopping.signal }),
    change: changerOf({ store, publish, effects, log, stopping: stopping.signal }),
    tellList: (campaign) => lists.tell(campaign, 'dialer'),
    counts: new DialCounts(),
    settings: { ...usualDialing, ...settings },
    publicUrl: () => publicUrls[0] ?? '',
    accountsOf: (workspace) => accounts.of(workspace),
    limitsOf: ({ limits }) => limits ?? usual,
    providerOf: ({ authId, tokens: [authToken = ''] }) =>
      new PlivoCalls({ apiUrl: config.plivoApiUrl, authId, authToken }, effects, plivo),
    lease: (name) => nodes.lease(name),
    isUpkeep: () => nodes.upkeep.isMine,
  });
}

/** What accounts may do that have no limits of their own. */
export function usualLimits({
  plivoCallsPerSecond,
  plivoConcurrency: concurrency,
}: Pick<Config, 'plivoCallsPerSecond' | 'plivoConcurrency'>): AccountLimits {
  const usual = concurrency === null ? USUAL_CALLS_PER_SECOND : concurrency / SLOTS_PER_CALL_A_SECOND;
  return { callsPerSecond: plivoCallsPerSecond ?? usual, concurrency };
}
