/** How a check came out. `skipped` says nothing either way. */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** One thing that the doctor looked at. */
export interface Check {
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found, in one line. */
  readonly says: string;
  /** What to do about it. */
  readonly todo?: string;
}

/** The least good of several results that are about the same thing. */
export function worst(name: string, checks: readonly Check[], otherwise: string): readonly Check[] {
  const bad = checks.filter(({ status }) => status !== 'ok');
  return bad.length > 0 ? bad : [{ name, status: 'ok', says: otherwise }];
}
