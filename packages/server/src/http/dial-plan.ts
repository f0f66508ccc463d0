import { listedNumber } from '@ringside/core';
import type { Campaign, CampaignCreate, CampaignPatch, DialPlan, Phase } from '@ringside/protocol';
import type { Services } from '../services.ts';
import { HttpProblem } from './problems.ts';

/** Where a plan is looked at: who has the provider account, and how local numbers are meant. */
interface PlanPlace {
  readonly accounts: Services['accounts'];
  readonly workspace: string;
  readonly country: string | null;
}

/** Nothing is live then: calls that are must be settled by the dialer of the account that placed them. */
const idlePhases: ReadonlySet<Phase> = new Set(['draft', 'scheduled', 'queued', 'paused', 'completed', 'cancelled']);

/** A campaign to be registered, its caller ids in their one spelling. @throws HttpProblem for a plan that nobody could dial by */
export function checkedCreate(wanted: CampaignCreate, place: Omit<PlanPlace, 'country'>): CampaignCreate {
  if (!wanted.dial) return wanted;
  return { ...wanted, dial: checkedPlan(wanted.dial, { ...place, country: wanted.defaultCountry ?? null }) };
}

/** A change, likewise. Who dials a campaign never changes. */
export function checkedPatch(
  change: CampaignPatch,
  campaign: Campaign,
  place: Omit<PlanPlace, 'country'>,
): CampaignPatch {
  const { dial, totalCalls, answerXml } = change;
  if (campaign.dialer === 'external') {
    if (!dial) return change;
    throw new HttpProblem(
      'not-dialed-here',
      `Campaign ${campaign.id} is dialed by another system: dial is not for it.`,
    );
  }
  if (totalCalls !== undefined) throw wrong('totalCalls', 'is counted from the uploaded contacts');
  if (!dial) return change;
  if (dial.account !== campaign.dial?.account && !idlePhases.has(campaign.phase)) {
    const why = `Calls of campaign ${campaign.id} may be live on its account. Pause it, and change the account when it is paused.`;
    throw new HttpProblem('phase-conflict', why);
  }
  if (dial.answerUrl === undefined && (answerXml ?? campaign.answerXml) === null)
    throw wrong('dial/answerUrl', 'or answerXml is needed: a call must hear something');
  return { ...change, dial: checkedPlan(dial, { ...place, country: campaign.defaultCountry }) };
}

function checkedPlan(dial: DialPlan, { accounts, workspace, country }: PlanPlace): DialPlan {
  const callerIds = dial.callerIds.map((text, at) => {
    const listed = listedNumber(text, country);
    if ('number' in listed) return listed.number;
    throw wrong(`dial/callerIds/${at}`, 'must be a number with its country, such as +918035735659');
  });
  const { account } = dial;
  if (account !== undefined && !accounts.of(workspace).some(({ id }) => id === account))
    throw wrong('dial/account', 'is no provider account of this workspace: see GET /v1/provider-accounts');
  return { ...dial, callerIds: [...new Set(callerIds)] };
}

function wrong(member: string, message: string): HttpProblem {
  const path = `body/${member}`;
  return new HttpProblem('validation-failed', `${path}: ${message}`, [{ path, message }]);
}
