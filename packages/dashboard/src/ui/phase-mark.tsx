import type { Phase } from '@ringside/protocol';
import type { ReactNode } from 'react';
import { phaseWords, type Tone } from '../words.ts';
import { classes } from './classes.ts';

const glyphs: Readonly<Record<Tone, ReactNode>> = {
  running: <circle cx="6" cy="6" r="4.25" fill="currentColor" />,
  ending: (
    <>
      <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 2a4 4 0 0 1 0 8z" fill="currentColor" />
    </>
  ),
  waiting: (
    <g fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round">
      <circle cx="6" cy="6" r="4.5" />
      <path d="M6 3.8V6l1.5 1" />
    </g>
  ),
  paused: <path d="M3 2.2h2v7.6H3zM7 2.2h2v7.6H7z" fill="currentColor" />,
  alarm: (
    <path d="M6 1.2 11.4 10.6H.6zM5.4 4.6v2.8h1.2V4.6zm0 3.6v1.2h1.2V8.2z" fill="currentColor" fillRule="evenodd" />
  ),
  rest: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.1 2.1" />,
  done: (
    <path
      d="m2 6.4 2.7 2.7L10 3.4"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  stopped: <path d="m3 3 6 6M9 3 3 9" fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" />,
};

const colours: Readonly<Record<Tone, string>> = {
  running: 'text-progress',
  ending: 'text-progress',
  waiting: 'text-waiting',
  paused: 'text-waiting',
  alarm: 'text-alarm',
  rest: 'text-ink-3',
  done: 'text-reached',
  stopped: 'text-ink-3',
};

/** A phase as its glyph and word. */
export function PhaseMark({ phase, className }: { readonly phase: Phase; readonly className?: string }) {
  const { word, tone } = phaseWords[phase];
  return (
    <span className={classes('inline-flex items-center gap-1.5 whitespace-nowrap', className)}>
      <svg aria-hidden="true" viewBox="0 0 12 12" className={classes('size-3 shrink-0', colours[tone])}>
        {glyphs[tone]}
      </svg>
      {word}
    </span>
  );
}
