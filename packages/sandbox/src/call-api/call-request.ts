import type { CallbackKind } from '../callback.ts';
import type { Route } from '../courier.ts';
import { deliveryPolicy } from '../delivery.ts';

/** A call that somebody asks for. */
export interface CallRequest {
  /** Caller id, E.164. */
  readonly from: string;
  /** E.164. */
  readonly to: string;
  /** Where its callbacks go; those that nobody asked for are missing. */
  readonly routes: Readonly<Partial<Record<CallbackKind, Route>>>;
  /** What becomes of a call that a machine takes; `null`: nobody looks. */
  readonly machineDetection: 'continue' | 'hangup' | null;
  readonly ringTimeoutSeconds: number;
  readonly timeLimitSeconds: number;
  /** What the callback URLs carry for the dialer: `campId` and `attemptId`. */
  readonly campaignId: string | null;
  readonly attemptId: string | null;
}

/** A body of `POST …/Call/` as it was understood, or what is wrong with it. */
export type ReadRequest =
  | { readonly ok: true; readonly request: CallRequest }
  | { readonly ok: false; readonly error: string };

const defaults = { ringTimeoutSeconds: 120, timeLimitSeconds: 14_400 };
const e164 = /^\+?[1-9]\d{6,14}$/;

/** Reads the JSON body of a request for one call. What Plivo takes and the sandbox does not play is ignored. */
export function readCallRequest(text: string): ReadRequest {
  const body = parseObject(text);
  if (body === null) return { ok: false, error: 'the body must be a JSON object' };
  const problems: string[] = [];
  const { number, url, seconds, detection } = createReader(body, problems);
  const routes = {
    answer: url('answer_url', 'answer_method', true),
    ring: url('ring_url', 'ring_method'),
    hangup: url('hangup_url', 'hangup_method'),
    machine: url('machine_detection_url', 'machine_detection_method'),
  };
  const request = {
    from: number('from'),
    to: number('to'),
    routes: Object.fromEntries(Object.entries(routes).filter(([, route]) => route !== null)),
    machineDetection: detection('machine_detection'),
    ringTimeoutSeconds: seconds('ring_timeout', defaults.ringTimeoutSeconds),
    timeLimitSeconds: seconds('time_limit', defaults.timeLimitSeconds),
    campaignId: inQuery(routes, 'campId'),
    attemptId: inQuery(routes, 'attemptId'),
  };
  const [error] = problems;
  return error === undefined ? { ok: true, request } : { ok: false, error };
}

type Body = Readonly<Record<string, unknown>>;

function createReader(body: Body, problems: string[]) {
  const text = (name: string): string | null => {
    const value = body[name];
    if (value === undefined || value === null || value === '') return null;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    problems.push(`${name} must be text`);
    return null;
  };
  const needed = (name: string): string => {
    const value = text(name);
    if (value === null) problems.push(`${name} parameter is missing`);
    return value ?? '';
  };
  return {
    number: (name: string): string => {
      const value = needed(name);
      if (value.includes('<')) problems.push(`${name} has several destinations; the sandbox takes one`);
      else if (value !== '' && !e164.test(value)) problems.push(`${name} is not a phone number`);
      return `+${value.replace(/^\+/, '')}`;
    },
    url: (name: string, methodName: string, isNeeded = false): Route | null => {
      const value = isNeeded ? needed(name) : text(name);
      const method = (text(methodName) ?? 'POST').toUpperCase();
      if (method !== 'GET' && method !== 'POST') problems.push(`${methodName} must be GET or POST`);
      if (value === null || value === '') return null;
      if (!isHttpUrl(value)) {
        problems.push(`${name} is not a URL`);
        return null;
      }
      return { url: value, method: method === 'GET' ? 'GET' : 'POST', policy: deliveryPolicy(new URL(value).hash) };
    },
    seconds: (name: string, otherwise: number): number => {
      const value = Number(text(name) ?? otherwise);
      if (!Number.isInteger(value) || value < 1) problems.push(`${name} must be a whole number of seconds`);
      return value;
    },
    detection: (name: string): CallRequest['machineDetection'] => {
      const value = text(name)?.toLowerCase() ?? null;
      if (value === 'hangup') return 'hangup';
      if (value !== null && value !== 'true' && value !== 'false') problems.push(`${name} must be true or hangup`);
      return value === 'true' ? 'continue' : null;
    },
  };
}

function parseObject(text: string): Body | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : null;
  } catch {
    return null;
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function inQuery(routes: Readonly<Record<string, Route | null>>, name: string): string | null {
  for (const route of Object.values(routes)) {
    const value = route && new URL(route.url).searchParams.get(name);
    if (value) return value;
  }
  return null;
}
