import type { ReactNode } from 'react';
import { Failure } from '../ui/failure.tsx';
import { Skeleton } from '../ui/panel.tsx';

interface SectionHeadProps {
  readonly title: string;
  /** What these are and what they are for. */
  readonly children: ReactNode;
  /** The thing to do, at the right. */
  readonly action?: ReactNode;
}

/** The head of a page of the settings. */
export function SectionHead({ title, children, action }: SectionHeadProps) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="max-w-180 min-w-0">
        <h2 className="text-16 font-semibold">{title}</h2>
        <p className="mt-0.5 text-ink-2">{children}</p>
      </div>
      {action}
    </div>
  );
}

interface ListBoxProps<T> {
  /** `undefined` while they are being read. */
  readonly items: readonly T[] | undefined;
  readonly error: Error | null;
  readonly empty: ReactNode;
  readonly label: string;
  readonly row: (item: T) => ReactNode;
}

/** Things in rows: on their way, not to be had, none, or some. */
export function ListBox<T>({ items, error, empty, label, row }: ListBoxProps<T>) {
  if (!items) {
    return error ? (
      <Failure error={error} />
    ) : (
      <div role="status" aria-label={`Loading ${label}`}>
        <Skeleton className="h-33" />
      </div>
    );
  }
  if (items.length === 0) {
    return <p className="rounded-panel border border-line bg-surface px-4 py-12 text-center text-ink-2">{empty}</p>;
  }
  return (
    <ul aria-label={label} className="divide-y divide-line rounded-panel border border-line bg-surface">
      {items.map(row)}
    </ul>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

/** A fact with its name above it. */
export function Fact({ name, children }: FactProps) {
  return (
    <div className="min-w-0">
      <dt className="text-12 text-ink-2">{name}</dt>
      <dd className="lg:truncate">{children}</dd>
    </div>
  );
}
