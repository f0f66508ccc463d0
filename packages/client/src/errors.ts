import type { ErrorCode, Problem } from '@ringside/protocol';

/** Codes of failures that no answer of the server names. */
export type LocalErrorCode = 'unreachable' | 'unreadable' | 'too-many-topics' | 'no-key';

/**
 * Anything that went wrong between the SDK and the server. Branch on {@link RingsideError.code}; the message is for
 * people and says what to do next where the server did.
 */
export class RingsideError extends Error {
  override readonly name = 'RingsideError';
  /**
   * A code of the server’s catalogue, or `unreachable` (no answer), `unreadable` (an answer that is not Ringside’s),
   * `no-key` (the function given as `key` failed).
   */
  readonly code: ErrorCode | LocalErrorCode | (string & {});
  /** HTTP status, `null` where there was no answer. */
  readonly status: number | null;
  /** The server’s problem document, where it sent one. */
  readonly problem: Problem | null;
  /** How long the server asks to wait before the next try, milliseconds; `null` where it does not say. */
  readonly retryAfterMs: number | null;

  constructor(
    code: string,
    message: string,
    facts: { status?: number; problem?: Problem; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.code = code;
    this.status = facts.status ?? null;
    this.problem = facts.problem ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}
