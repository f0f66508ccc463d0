import type {
  CancelCommand,
  CommandName,
  PauseCommand,
  ResumeCommand,
  RetryFailedCommand,
  StartCommand,
} from '@ringside/protocol';
import type { HttpRequest } from './http.ts';

/** What each command may say; all of it may be left out. */
export interface CommandBodies {
  readonly start: StartCommand;
  readonly pause: PauseCommand;
  readonly resume: ResumeCommand;
  readonly cancel: CancelCommand;
  readonly 'retry-failed': RetryFailedCommand & {
    /** The same when the same command is sent again. Left out: each call is another command. */
    readonly idempotencyKey?: string;
  };
}

export type CommandBody<Name extends CommandName> = CommandBodies[Name];

const KEY_BYTES = 16;

/** The request of a command. */
export function commandRequest(
  campaignId: string,
  command: CommandName,
  body: CommandBody<CommandName> = {},
): { readonly path: string; readonly request: HttpRequest } {
  const { idempotencyKey = newKey(), ...said } = body as CommandBody<'retry-failed'>;
  const headers = command === 'retry-failed' ? { 'idempotency-key': idempotencyKey } : {};
  const path = `/v1/campaigns/${encodeURIComponent(campaignId)}/${command}`;
  return { path, request: { method: 'POST', body: said, headers } };
}

/** Pages without HTTPS have no `randomUUID`. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
