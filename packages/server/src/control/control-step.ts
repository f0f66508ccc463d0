import {
  type AskedOrder,
  type CampaignDelivery,
  type CampaignState,
  confirmationOf,
  type Campaign as DeclaredCampaign,
  type Rollup,
} from '@ringside/core';
import type { Campaign, CommandName, ErrorCode, Outcome } from '@ringside/protocol';
import type { Applied } from '../ingest/receipt.ts';

/** A command as somebody gives it. Times are epoch milliseconds. */
export interface Wish {
  readonly command: CommandName;
  readonly actor: string;
  readonly reason: string | null;
  /** Of a pause: when it ends by itself. Of a start: when it is to be. */
  readonly until: number | null;
  readonly hangUp: boolean;
  readonly outcomes: readonly Outcome[] | null;
}

/** What somebody wants of a campaign. */
export interface CommandStep extends Wish {
  readonly kind: 'command';
  /** How an external dialer is asked; `null` where nobody said how to reach it. */
  readonly ask: Ask | null;
}

export interface Ask {
  readonly id: string;
  readonly timeoutMs: number;
}

/** What an external dialer said to the order with this id, or that it said nothing in time. */
export interface AnswerStep {
  readonly kind: 'answer';
  readonly id: string;
  readonly state: 'confirmed' | 'refused' | 'unconfirmed';
  readonly message: string | null;
}

/** The time for something has come. What was said since may have made it void. */
export interface DueStep {
  readonly kind: 'due';
  readonly what: 'start' | 'resume' | 'deadline';
  readonly ask: Ask | null;
}

/** What the dialer of this server does of itself. */
export interface DialedStep {
  readonly kind: 'dialed';
  readonly change: 'paused' | 'completed';
  readonly actor: 'dialer' | 'breaker';
  readonly reason: string;
}

/** One step of control. It is plain data: it crosses threads. */
export type ControlStep = CommandStep | AnswerStep | DueStep | DialedStep;

type RefusalCode = Extract<ErrorCode, 'phase-conflict' | 'no-control-webhook' | 'not-asked' | 'validation-failed'>;
interface Refused {
  readonly outcome: 'refused';
  readonly code: RefusalCode;
  readonly why: string;
}

export type Decided =
  | { readonly outcome: 'changed'; readonly deliveries: readonly CampaignDelivery[] }
  | { readonly outcome: 'already' }
  | Refused;

/** What came of a step. */
export type Controlled =
  | { readonly outcome: 'changed' | 'already'; readonly campaign: Campaign; readonly applied: Applied }
  | Refused;

/** A campaign as a decision needs it. */
export interface Judged {
  readonly state: CampaignState;
  readonly rollup: Rollup;
}

/** A command that waits for the answer of an external dialer. */
export interface PendingOrder extends AskedOrder {
  readonly command: CommandName;
}

/** The order that waits for its answer, `null` where none does. */
export function pendingOrderOf(campaign: DeclaredCampaign): PendingOrder | null {
  const said = confirmationOf(campaign);
  return said?.state === 'asked' && said.order ? { ...said.order, command: said.command } : null;
}
