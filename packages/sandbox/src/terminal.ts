import type { Effects } from './effects.ts';

/** What the command line is connected to. */
export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Aborted when the user wants it to end. */
  readonly signal: AbortSignal;
  readonly effects?: Effects;
}
