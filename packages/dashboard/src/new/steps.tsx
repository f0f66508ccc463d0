import { Check } from 'lucide-react';
import { Link } from 'wouter';
import { classes } from '../ui/classes.ts';

export const stepNames = ['How it dials', 'Contacts', 'Review and start'] as const;

/** Where each step of a campaign lies that exists. */
export function stepPath(id: string, step: 1 | 2 | 3): string {
  const tail = { 1: '', 2: '/contacts', 3: '/review' }[step];
  return `/new/${encodeURIComponent(id)}${tail}`;
}

interface StepsProps {
  readonly here: 1 | 2 | 3;
  /** `null` before it was made: then there is nowhere else to go. */
  readonly id: string | null;
}

/** The three steps, and which of them this is. */
export function Steps({ here, id }: StepsProps) {
  return (
    <ol className="mt-4 mb-6 flex gap-6 border-b border-line max-sm:gap-4">
      {stepNames.map((name, index) => {
        const step = (index + 1) as 1 | 2 | 3;
        const isHere = step === here;
        const content = (
          <>
            <span
              aria-hidden="true"
              className={classes(
                'grid size-5 shrink-0 place-items-center rounded-full text-12 tabular-nums',
                isHere ? 'bg-ink text-canvas' : 'border border-line-strong text-ink-2',
              )}
            >
              {step < here ? <Check className="size-3" /> : step}
            </span>
            <span className={isHere ? '' : 'max-sm:sr-only'}>{name}</span>
          </>
        );
        const shape = classes(
          '-mb-px flex h-10 items-center gap-2 border-b-2 whitespace-nowrap',
          isHere ? 'border-progress font-medium text-ink' : 'border-transparent text-ink-2',
        );
        return (
          <li key={name} aria-current={isHere ? 'step' : undefined}>
            {id === null || isHere ? (
              <span className={shape}>{content}</span>
            ) : (
              <Link href={stepPath(id, step)} className={classes(shape, 'hover:text-ink')}>
                {content}
              </Link>
            )}
          </li>
        );
      })}
    </ol>
  );
}
