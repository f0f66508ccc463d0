import { readFileSync } from 'node:fs';
import type { CallingWindows, CampaignCreate, Pace, RetryPolicy } from '@ringside/protocol';
import type { ServerFlags } from '../access/admin-client.ts';
import { duration, given } from '../access/arguments.ts';
import { CliError } from '../terminal.ts';

/** What a campaign is made of, as it is written on a command line. */
export interface CampaignFlags extends ServerFlags {
  readonly id?: string;
  readonly name?: string;
  readonly callerId?: readonly string[];
  readonly account?: string;
  readonly answerUrl?: string;
  readonly answerXml?: string;
  readonly machineDetection?: 'off' | 'detect' | 'hangup';
  readonly ringTimeout?: string;
  readonly cps?: string;
  readonly concurrency?: string;
  readonly retry?: string;
  readonly retryOn?: readonly string[];
  readonly window?: readonly string[];
  readonly windowZone?: 'campaign' | 'contact';
  readonly holiday?: readonly string[];
  readonly timezone?: string;
  readonly country?: string;
  readonly deadline?: string;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The campaign that the flags describe. What is no word for the server it says itself. */
export function campaignOf(flags: CampaignFlags): CampaignCreate {
  const { id, name, callerId, answerUrl, answerXml, machineDetection, account } = flags;
  if (id === undefined || name === undefined || callerId === undefined)
    throw new CliError('a campaign needs --id, --name and --caller-id');
  if (answerUrl === undefined && answerXml === undefined)
    throw new CliError('give --answer-url, or --answer-xml with a file: a call must hear something');
  const { timezone, country: defaultCountry, deadline } = flags;
  const ringTimeoutSeconds =
    flags.ringTimeout === undefined ? undefined : duration(flags.ringTimeout, '--ring-timeout');
  const dial = { callerIds: [...callerId], ...given({ answerUrl, machineDetection, account, ringTimeoutSeconds }) };
  const facts = {
    ...{ pace: paceOf(flags), retry: retryOf(flags), windows: windowsOf(flags) },
    ...{ timezone, defaultCountry, deadline },
    answerXml: answerXml === undefined ? undefined : textOf(answerXml),
  };
  return { id, name, dialer: 'built-in', dial, ...given(facts) } as CampaignCreate;
}

/** @returns what is given of a pace, `undefined` for nothing */
export function paceOf({ cps, concurrency }: Pick<CampaignFlags, 'cps' | 'concurrency'>): Pace | undefined {
  if (cps === undefined && concurrency === undefined) return undefined;
  const read = (text: string | undefined, flag: string): number | undefined => {
    if (text === undefined) return undefined;
    if (!/^\d+(\.\d+)?$/.test(text)) throw new CliError(`${flag} must be a number`);
    return Number(text);
  };
  return given({ callsPerSecond: read(cps, '--cps'), concurrency: read(concurrency, '--concurrency') });
}

/** `3:30m` for at most three attempts, half an hour after each other; `busy=5:10m` for what is otherwise after busy. */
function retryOf({ retry, retryOn = [] }: CampaignFlags): RetryPolicy | undefined {
  if (retry === undefined) {
    if (retryOn.length > 0) throw new CliError('--retry-on needs --retry');
    return undefined;
  }
  const read = (text: string, flag: string): Pick<RetryPolicy, 'maxAttempts' | 'delaySeconds'> => {
    const [, attempts, delay = '0s'] = /^(\d{1,2})(?::(\w+))?$/.exec(text) ?? [];
    if (attempts === undefined) throw new CliError(`${flag} must be attempts and delay, such as 3:30m`);
    return { maxAttempts: Number(attempts), delaySeconds: duration(delay, flag) };
  };
  const outcomes = retryOn.map((text) => {
    const [outcome = '', rule = ''] = text.split('=');
    return [outcome, read(rule, '--retry-on')];
  });
  return { ...read(retry, '--retry'), ...(outcomes.length > 0 ? { outcomes: Object.fromEntries(outcomes) } : {}) };
}

/** `mon-fri 09:00-18:00`, `sat,sun 10:00-14:00`; without days every day. */
function windowsOf({ window, windowZone, holiday }: CampaignFlags): CallingWindows | undefined {
  if (window === undefined) {
    if (windowZone !== undefined || holiday !== undefined)
      throw new CliError('--window-zone and --holiday need --window');
    return undefined;
  }
  const weekly = window.map((text) => {
    const [, days = 'mon-sun', from, to] = /^(?:([a-z,-]+)\s+)?(\d\d:\d\d)-(\d\d:\d\d)$/i.exec(text.trim()) ?? [];
    if (from === undefined || to === undefined)
      throw new CliError('--window must be days and hours, such as "mon-fri 09:00-18:00"');
    return { days: daysOf(days), from, to };
  });
  return { zone: windowZone ?? 'campaign', weekly, holidays: [...(holiday ?? [])] };
}

function daysOf(text: string): number[] {
  const days = text.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-').map((day) => day.toLowerCase());
    const from = DAYS.indexOf(first);
    const to = DAYS.indexOf(last);
    if (from < 0 || to < 0)
      throw new CliError(`--window: ${part} are no days; write mon, tue, wed, thu, fri, sat, sun`);
    const count = ((to - from + DAYS.length) % DAYS.length) + 1;
    return Array.from({ length: count }, (_, n) => ((from + n) % DAYS.length) + 1);
  });
  return [...new Set(days)].sort();
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(`--answer-xml cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
