import type { AuditEntry } from '@ringside/protocol';
import { ChevronRight } from 'lucide-react';
import { formatClock, formatMinute } from '../../format.ts';
import { type Difference, differencesOf, nameOf } from './audit-words.ts';

interface AuditRowProps {
  readonly entry: AuditEntry;
  /** Who did it, by name where there is one. */
  readonly who: string;
}

/** One change; what it changed unfolds. */
export function AuditRow({ entry, who }: AuditRowProps) {
  const differences = differencesOf(entry.before, entry.after);
  if (differences.length === 0) {
    return (
      <li className="px-4 py-2.5 pl-10">
        <Line entry={entry} who={who} />
      </li>
    );
  }
  return (
    <li>
      <details className="group">
        <summary className="relative cursor-pointer list-none px-4 py-2.5 pl-10 hover:bg-raised [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden="true"
            className="absolute top-3 left-4 size-4 text-ink-3 transition-transform group-open:rotate-90"
          />
          <Line entry={entry} who={who} />
        </summary>
        <Differences differences={differences} />
      </details>
    </li>
  );
}

function Line({ entry, who }: AuditRowProps) {
  const { at, actor, address, action, target } = entry;
  const name = nameOf(entry);
  return (
    <span className="grid gap-x-4 sm:grid-cols-2 lg:grid-cols-[9rem_11rem_minmax(0,1fr)_minmax(0,1fr)]">
      <time dateTime={at} title={formatClock(at)} className="text-ink-2 tabular-nums">
        {formatMinute(at, new Date())}
      </time>
      <span className="font-medium">{action}</span>
      <span className="truncate text-12 leading-5 text-ink-2" title={target ?? undefined}>
        {name !== null && name !== target && <span className="mr-2 text-14 text-ink">{name}</span>}
        {target}
      </span>
      <span className="truncate text-12 leading-5 text-ink-2 lg:text-right" title={actor}>
        {who}
        {address !== null && ` from ${address}`}
      </span>
    </span>
  );
}

function Differences({ differences }: { readonly differences: readonly Difference[] }) {
  return (
    <dl className="grid gap-x-4 gap-y-1 px-4 pb-3 pl-10 text-12 sm:grid-cols-[9rem_minmax(0,1fr)]">
      {differences.map(({ name, before, after }) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="font-mono break-all">
            {before !== null && <del className="text-ink-2">{before}</del>}
            {before !== null && after !== null && <span aria-hidden="true"> → </span>}
            {after !== null && <ins className="no-underline">{after}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
