/** One thing in the store that is not what follows from its deliveries. */
export interface Difference {
  readonly what:
    | 'call'
    | 'contact'
    | 'alias'
    | 'number'
    | 'event'
    | 'total'
    | 'minute'
    | 'campaign'
    | 'ledger'
    | 'delivery';
  /** Which one. */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
}

/** What was found out about one campaign. */
export interface Findings {
  readonly workspace: string;
  readonly campaignId: string;
  readonly key: string;
  readonly calls: number;
  readonly deliveries: number;
  /** The first of them. */
  readonly differences: readonly Difference[];
  /** All of them. */
  readonly count: number;
  /** False when deliveries themselves are missing: a repair from them would lose what the rows still hold. */
  readonly isRepairable: boolean;
}

const MOST_KEPT = 200;
const MOST_SHOWN = 80;

/** Gathers the differences of one campaign: the first are kept, all are counted. */
export class Differences {
  readonly kept: Difference[] = [];
  count = 0;

  add(what: Difference['what'], where: string, expected: unknown, found: unknown): void {
    this.count += 1;
    if (this.kept.length < MOST_KEPT) this.kept.push({ what, where, expected: shown(expected), found: shown(found) });
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;
}

/** Where two JSON values differ first, and how; `null` when they are equal whatever the order of their members. */
export function firstDifference(
  expected: unknown,
  found: unknown,
  path = '',
): { readonly path: string; readonly expected: unknown; readonly found: unknown } | null {
  if (Object.is(expected, found)) return null;
  if (!isObject(expected) || !isObject(found) || Array.isArray(expected) !== Array.isArray(found))
    return { path, expected, found };
  const isList = Array.isArray(expected);
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const inner = isList ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
    const difference = firstDifference(expected[name], found[name], inner);
    if (difference) return difference;
  }
  return null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
