import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useId } from 'react';

interface CardProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** One sentence: what it does and for whom. */
  readonly summary: string;
  /** Stands at the foot, at the same height in all cards. */
  readonly foot: ReactNode;
  readonly children: ReactNode;
}

/** One way to the first campaign. */
export function Card({ icon: Icon, title, summary, foot, children }: CardProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col rounded-panel border border-line bg-surface p-5">
      <Icon aria-hidden="true" className="size-5 text-progress" strokeWidth={1.75} />
      <h3 id={id} className="mt-3 text-16 font-semibold tracking-tight">
        {title}
      </h3>
      <p className="mt-1 text-ink-2 xl:min-h-10.5">{summary}</p>
      <div className="mt-4 flex-1">{children}</div>
      <div className="mt-5 flex min-h-9 flex-wrap items-center gap-2">{foot}</div>
    </section>
  );
}

interface StepsProps {
  readonly steps: readonly (readonly [title: string, text: string])[];
  readonly numbered?: boolean;
}

/** Short lines between hairlines. */
export function Steps({ steps, numbered = false }: StepsProps) {
  return (
    <ol className="divide-y divide-line border-y border-line">
      {steps.map(([title, text], index) => (
        <li key={title} className="flex gap-3 py-3">
          {numbered && (
            <span
              aria-hidden="true"
              className="mt-px grid size-5 shrink-0 place-items-center rounded-full bg-raised text-12 font-medium text-ink-2"
            >
              {index + 1}
            </span>
          )}
          <div className="min-w-0">
            <p className="font-medium">{title}</p>
            <p className="text-ink-2">{text}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
