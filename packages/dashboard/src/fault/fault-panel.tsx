import { RotateCw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { Button } from '../ui/button.tsx';
import { useTitle } from '../ui/use-title.ts';
import type { Fault } from './error-boundary.tsx';
import { FaultBody } from './fault-body.tsx';

interface FaultPanelProps {
  readonly fault: Fault;
  readonly retry: () => void;
}

/** In place of a page that could not be shown: the meaning of that, the ways on, and the facts to pass on. */
export function FaultPanel({ fault, retry }: FaultPanelProps) {
  const [path] = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle('Page fault · Ringside');
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="grid min-h-[70dvh] items-center">
      <section className="mx-auto w-full max-w-130 min-w-0">
        <h1 ref={heading} tabIndex={-1} className="text-20 font-semibold tracking-tight outline-none">
          This page could not be shown
        </h1>
        <p className="mt-2 text-ink-2">{FAULT_WORDS}</p>
        <div className="mt-4 flex flex-wrap items-center gap-2">
          <Button kind="primary" onClick={retry}>
            <RotateCw aria-hidden="true" className="size-4" />
            Try again
          </Button>
          {path !== '/' && (
            <Link
              href="/"
              className="inline-flex h-9 items-center rounded-md border border-line-strong bg-surface px-3.5 hover:bg-raised max-sm:h-10"
            >
              Back to campaigns
            </Link>
          )}
        </div>
        <FaultBody fault={fault} />
      </section>
    </div>
  );
}

export const FAULT_WORDS = 'The fault lies in the page. Your campaigns go on, and Ringside counts their calls.';
