import { readDeadLetter, type SpoolEntry } from '../../ingest/spool/entry.ts';
import { campaignOf } from '../../providers/plivo/fields.ts';
import { param, parseForm } from '../../providers/plivo/form.ts';
import { maskText } from '../../store/mask-numbers.ts';

/** A dead letter as it is shown. */
export interface ShownLetter {
  readonly at: string | null;
  readonly why: string;
  readonly kind: string;
  readonly workspace: string | null;
  readonly campaignId: string | null;
  /** The first name of the call that it is about. */
  readonly call: string | null;
  readonly what: unknown;
}

/** What an entry is called; `null` and `undefined` stand for one that cannot be read. */
export function kindOf(entry: SpoolEntry | string | null | undefined): string {
  if (typeof entry !== 'object' || entry === null) return 'unreadable';
  return { plivo: 'callback', delivery: 'event', unverified: 'unverified callback' }[entry.kind];
}

export function workspaceOf(entry: SpoolEntry | string | null | undefined): string | null {
  return typeof entry === 'object' && entry !== null ? entry.workspace : null;
}

/** @param isFull with numbers, signatures and what came in raw */
export function shownLetter(line: string, isFull: boolean): ShownLetter {
  const letter = readDeadLetter(line);
  const what = letter?.what ?? line;
  const shown = {
    at: letter?.at ?? null,
    why: letter?.why ?? 'unreadable',
    kind: kindOf(what),
    workspace: workspaceOf(what),
    ...subjectOf(what),
  };
  if (isFull) return { ...shown, what };
  return { ...(masked(shown) as typeof shown), at: shown.at, what: masked(withoutProof(what)) };
}

/** What it is about, where that can be read without believing it. */
function subjectOf(what: SpoolEntry | string): Pick<ShownLetter, 'campaignId' | 'call'> {
  if (typeof what === 'string') return { campaignId: null, call: null };
  if (what.kind === 'delivery') {
    const { campaignId, delivery } = what;
    return { campaignId, call: delivery.about === 'call' ? (delivery.aliases[0]?.id ?? null) : null };
  }
  const { query, body } = what.kind === 'unverified' ? what.callback : what;
  const [params, form] = [parseForm(query), parseForm(body)];
  const campaignId = campaignOf(params);
  return { campaignId, call: param(form, 'CallUUID') ?? param(params, 'CallUUID') };
}

/** Decoded, so that numbers can be seen as such; and without what proves that it was signed. */
function withoutProof(what: SpoolEntry | string): unknown {
  if (typeof what === 'string') return parseForm(what);
  if (what.kind === 'delivery') return what;
  const { query, body } = what.kind === 'unverified' ? what.callback : what;
  const { kind, receivedAt, workspace } = what;
  return { kind, receivedAt, workspace, query: { ...parseForm(query) }, form: { ...parseForm(body) } };
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [maskText(name), masked(member)]));
}
