import { consoleTime, sessionTime } from './console-time.ts';
import { type HangupCode, type HangupSource, hangupCauses } from './hangup-causes.ts';

/** The parameters of a callback, by name. All are strings, and a blank one is not the same as a missing one. */
export type Form = Readonly<Record<string, string>>;

/** What every callback of a call says. */
export interface CallFacts {
  /** `ParentAuthID`: the account that pays. */
  readonly authId: string;
  readonly callUuid: string;
  /** What the Call API answered. Equal to `callUuid` on today's single-destination calls; once it was not. */
  readonly requestUuid: string;
  /** Caller id, E.164 with `+`. */
  readonly from: string;
  /** E.164 with `+`. */
  readonly to: string;
  /** Epoch milliseconds; the fraction gives the microseconds of `SessionStart`. */
  readonly sessionStart: number;
  /** Price of a started minute, as a decimal. */
  readonly billRate: string;
}

/** When and how a call ended. Times are epoch milliseconds. */
export interface CallEnd {
  readonly startedAt: number;
  /** `null`: nobody answered. */
  readonly answeredAt: number | null;
  readonly endedAt: number;
  readonly code: HangupCode;
  /** Who ended it; left out, whoever usually does with that code. */
  readonly source?: HangupSource;
  /** IANA time zone of the account's console. */
  readonly zone: string;
}

/** What a call is billed. */
export interface Bill {
  /** Talk time, whole seconds, rounded up. */
  readonly duration: number;
  /** Billed time, whole seconds, rounded up to the pulse. */
  readonly billDuration: number;
  /** Five decimals. */
  readonly totalCost: string;
}

const pulseSeconds = 60;

/** What Plivo would bill for a call. An unanswered one costs nothing. */
export function billOf({ answeredAt, endedAt }: Pick<CallEnd, 'answeredAt' | 'endedAt'>, billRate: string): Bill {
  const duration = answeredAt === null ? 0 : Math.ceil((endedAt - answeredAt) / 1_000);
  const pulses = Math.ceil(duration / pulseSeconds);
  return { duration, billDuration: pulses * pulseSeconds, totalCost: (pulses * Number(billRate)).toFixed(5) };
}

/** `ring_url`. It has no leg id yet, and its From has a plus. */
export function ringForm(call: CallFacts): Form {
  return sorted({ ...identity(call), ...session(call), CallerName: '', CallStatus: 'ringing', Event: 'Ring' });
}

/** `answer_url`. */
export function startAppForm(call: CallFacts): Form {
  return sorted({
    ...identity(call),
    ...leg(call),
    ...session(call),
    ...stir,
    ...country(call),
    BillRate: call.billRate,
    CallStatus: 'in-progress',
    Event: 'StartApp',
  });
}

/** `machine_detection_url`. The only one that names neither the account nor the start of the session. */
export function machineForm(call: CallFacts, action: 'hangup' | 'continue'): Form {
  return sorted({
    ...identity(call),
    ...leg(call),
    CallStatus: 'in-progress',
    Event: 'MachineDetection',
    IfMachine: action,
    Machine: 'true',
  });
}

/** `hangup_url`. An unanswered call has a blank AnswerTime, no leg id, and a From with a plus. */
export function hangupForm(call: CallFacts, end: CallEnd): Form {
  const { name, token, source, status } = hangupCauses[end.code];
  const bill = billOf(end, call.billRate);
  return sorted({
    ...identity(call),
    ...(end.answeredAt === null ? {} : { ...leg(call), ...country(call) }),
    ...session(call),
    ...stir,
    AnswerTime: end.answeredAt === null ? '' : consoleTime(end.answeredAt, end.zone),
    BillDuration: String(bill.billDuration),
    BillRate: call.billRate,
    CallStatus: status,
    Duration: String(bill.duration),
    EndTime: consoleTime(end.endedAt, end.zone),
    Event: 'Hangup',
    HangupCause: token,
    HangupCauseCode: String(end.code),
    HangupCauseName: name,
    HangupSource: end.source ?? source,
    StartTime: consoleTime(end.startedAt, end.zone),
    TotalCost: bill.totalCost,
  });
}

const stir = { STIRAttestation: 'Not Applicable', STIRVerification: 'Not Applicable' };

function identity({ callUuid, requestUuid, from, to }: CallFacts): Form {
  return { CallUUID: callUuid, RequestUUID: requestUuid, Direction: 'outbound', From: from, To: digits(to) };
}

/** The answered leg: its ids are there, and with them From loses its plus. */
function leg({ requestUuid, callUuid, from }: CallFacts): Form {
  return { ALegRequestUUID: requestUuid, ALegUUID: callUuid, From: digits(from) };
}

function session({ authId, sessionStart }: CallFacts): Form {
  return { ParentAuthID: authId, SessionStart: sessionTime(sessionStart) };
}

/** India adds four fields. Their names were seen on the wire, their values were not. */
function country({ to }: CallFacts): Form {
  if (!to.startsWith('+91')) return {};
  return { ComplianceApplicationId: '', ComplianceStatus: '', CountryCode: 'IN', RouteType: 'domestic' };
}

function digits(number: string): string {
  return number.replace(/^\+/, '');
}

function sorted(form: Form): Form {
  return Object.fromEntries(Object.entries(form).sort(([a], [b]) => (a < b ? -1 : 1)));
}
