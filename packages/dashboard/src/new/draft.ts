import type { Campaign, CampaignCreate, CampaignPatch, DialPlan } from '@ringside/protocol';
import { type HoursText, hoursText, listOf, windowsOf } from '../plan/hours-text.ts';
import { linesOf } from '../plan/lines.ts';
import { type PaceText, paceOf, paceText } from '../plan/pace-text.ts';
import { type RetryText, retryOf, retryText, usualRetry } from '../plan/retry-text.ts';
import { instantOf, localAt } from '../zoned-time.ts';

/** A campaign as it stands in the fields, before it is made or while it is changed. */
export interface Draft {
  readonly name: string;
  readonly id: string;
  /** Of numbers that are written without one; empty for none. */
  readonly country: string;
  readonly timezone: string;
  readonly callerIds: string;
  readonly answer: 'url' | 'xml';
  readonly answerUrl: string;
  readonly answerXml: string;
  readonly machineDetection: DialPlan['machineDetection'];
  readonly pace: PaceText;
  readonly retry: RetryText;
  readonly hours: HoursText;
  readonly ringSeconds: string;
  readonly callMinutes: string;
  /** Id of a provider account; empty for the workspace’s first. */
  readonly account: string;
  /** What clocks of the campaign’s zone show then; empty for none. */
  readonly deadline: string;
}

const sampleXml = '<Response>\n  <Speak>Hello, this is a call about your order.</Speak>\n</Response>';

/** What the form begins with. */
export function emptyDraft({ timezone, country }: Pick<Draft, 'timezone' | 'country'>): Draft {
  return {
    name: '',
    id: '',
    country,
    timezone,
    callerIds: '',
    answer: 'url',
    answerUrl: '',
    answerXml: sampleXml,
    machineDetection: 'off',
    pace: { callsPerSecond: '', concurrency: '' },
    retry: usualRetry,
    // Nobody is rung at night because somebody forgot to think of it.
    hours: { ...hoursText(null), when: 'within' },
    ringSeconds: '45',
    callMinutes: '',
    account: '',
    deadline: '',
  };
}

/** The fields of a campaign that exists, to be changed. */
export function draftOf(campaign: Campaign, zone: string): Draft {
  const timezone = campaign.timezone ?? zone;
  const { dial, answerXml } = campaign;
  return {
    name: campaign.name,
    id: campaign.id,
    country: campaign.defaultCountry ?? '',
    timezone,
    callerIds: dial?.callerIds.join('\n') ?? '',
    answer: dial?.answerUrl === undefined ? 'xml' : 'url',
    answerUrl: dial?.answerUrl ?? '',
    answerXml: answerXml ?? sampleXml,
    machineDetection: dial?.machineDetection ?? 'off',
    pace: paceText(campaign.pace),
    retry: retryText(campaign.retry),
    hours: hoursText(campaign.windows),
    ringSeconds: String(dial?.ringTimeoutSeconds ?? 45),
    callMinutes: campaign.maxCallSeconds === null ? '' : String(campaign.maxCallSeconds / 60),
    account: dial?.account ?? '',
    deadline: campaign.deadline === null ? '' : localAt(campaign.deadline, timezone),
  };
}

/** What the server is told to make. */
export function createBody(draft: Draft): CampaignCreate {
  const { id, country, hours } = draft;
  const { windows, ...facts } = factsOf(draft);
  return {
    ...facts,
    id,
    dialer: 'built-in',
    ...(hours.when === 'any' ? {} : { windows }),
    ...(country === '' ? {} : { defaultCountry: country }),
  };
}

/** What the server is told to change. The id, the dialer and the country stay as they were made. */
export function patchBody(draft: Draft): CampaignPatch {
  return factsOf(draft);
}

function factsOf(draft: Draft) {
  const { name, answer, answerUrl, answerXml, callMinutes, timezone, deadline, account } = draft;
  return {
    name: name.trim(),
    timezone,
    pace: paceOf(draft.pace),
    retry: retryOf(draft.retry),
    windows: windowsOf(draft.hours),
    dial: {
      callerIds: linesOf(draft.callerIds),
      answerMethod: 'POST' as const,
      machineDetection: draft.machineDetection,
      ringTimeoutSeconds: Number(draft.ringSeconds || 45),
      ...(answer === 'url' ? { answerUrl: answerUrl.trim() } : {}),
      ...(account === '' ? {} : { account }),
    },
    ...(answer === 'xml' ? { answerXml } : {}),
    ...(callMinutes === '' ? {} : { maxCallSeconds: Math.round(Number(callMinutes) * 60) }),
    ...(deadline === '' ? {} : { deadline: instantOf(deadline, timezone) ?? deadline }),
  };
}

/** An id made from a name: `Diwali offer 2026` → `diwali-offer-2026`. Empty while there is nothing to make it of. */
export function idOf(name: string): string {
  return listOf(
    name
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, ' '),
  )
    .join('-')
    .slice(0, 64)
    .replace(/-$/, '');
}
