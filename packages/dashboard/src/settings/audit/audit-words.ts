import { isoOf } from '../../readers.ts';

/** Kinds of changes, as the part of an action before its dot. */
export const kinds: readonly { readonly kind: string; readonly label: string }[] = [
  { kind: 'key', label: 'Keys' },
  { kind: 'share-link', label: 'Share links' },
  { kind: 'account', label: 'Provider accounts' },
  { kind: 'workspace', label: 'Workspaces' },
  { kind: 'session', label: 'Sign-ins' },
  { kind: 'numbers', label: 'Numbers seen whole' },
  { kind: 'campaign', label: 'Campaigns' },
  { kind: 'lead', label: 'Lead verdicts' },
  { kind: 'lead-rules', label: 'Lead rules' },
  { kind: 'settings', label: 'Settings' },
];

/** One member that a change touched; `null` where it was not there. */
export interface Difference {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a change changed, member by member. What stayed as it was is left out. */
export function differencesOf(before: unknown, after: unknown): readonly Difference[] {
  const old = membersOf(before);
  const now = membersOf(after);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .map((name) => ({ name, before: textOf(name, old[name]), after: textOf(name, now[name]) }))
    .filter(({ before: was, after: is }) => was !== is);
}

/** How people call what was changed, where it has a name. */
export function nameOf({ before, after }: { readonly before: unknown; readonly after: unknown }): string | null {
  const { name } = { ...membersOf(before), ...membersOf(after) } as { readonly name?: unknown };
  return typeof name === 'string' ? name : null;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || value === undefined) return {};
  return typeof value === 'object' && !Array.isArray(value) ? { ...value } : { value };
}

/** A moment is kept as epoch milliseconds, in a member whose name says so. */
function textOf(name: string, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && /[a-z]At$/.test(name)) return isoOf(value) ?? String(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
