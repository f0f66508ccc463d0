import type { LeadStatus } from '@ringside/protocol';
import { Flame, Snowflake, Sun } from 'lucide-react';
import { leadWords } from '../definitions.ts';
import { classes } from './classes.ts';
import { Unknown } from './hint.tsx';

const icons = { hot: Flame, warm: Sun, cold: Snowflake } as const;
const colours = { hot: 'text-hot', warm: 'text-warm', cold: 'text-cold' } as const;

/** The icon of a lead’s temperature. */
export function LeadIcon({ lead, className }: { readonly lead: keyof typeof icons; readonly className?: string }) {
  const Icon = icons[lead];
  return <Icon aria-hidden="true" className={classes('size-3.5 shrink-0', colours[lead], className)} />;
}

/** A lead in the feed. An unanswered call has none; one that nobody judged is not known. */
export function LeadMark({ lead }: { readonly lead: LeadStatus | null }) {
  if (lead === 'no-answer') return null;
  if (lead === null) return <Unknown why={leadWords.unscored.meaning} />;
  return (
    <span className={classes('inline-flex items-center gap-1', colours[lead], lead === 'hot' && 'font-medium')}>
      <LeadIcon lead={lead} />
      {lead}
    </span>
  );
}
