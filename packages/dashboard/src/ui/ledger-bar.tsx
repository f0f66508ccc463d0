import type { Ledger } from '@ringside/protocol';
import { ledgerOrder, ledgerWords } from '../definitions.ts';
import { formatCount } from '../format.ts';
import { classes } from './classes.ts';

/** Colour and pattern of each part of the ledger. */
export const ledgerFills: Readonly<Record<keyof Ledger, string>> = {
  reached: 'bg-reached-fill',
  unreached: 'bg-unreached-fill pattern-hatch',
  excluded: 'bg-surface border border-line-strong',
  waitingRetry: 'bg-waiting-fill pattern-dots',
  inFlight: 'bg-progress-fill',
  notStarted: 'bg-rest-fill',
};

/** Every contact in one bar. Parts that exist keep a sliver, however small. */
export function LedgerBar({ ledger, className }: { readonly ledger: Ledger; readonly className?: string }) {
  const parts = ledgerOrder.filter((part) => ledger[part] > 0);
  const label = parts.map((part) => `${formatCount(ledger[part])} ${ledgerWords[part].label}`).join(', ');
  return (
    <div
      role="img"
      aria-label={label || 'no contacts yet'}
      className={classes('flex gap-px overflow-hidden bg-surface', parts.length === 0 && 'bg-rest-fill', className)}
    >
      {parts.map((part) => (
        <span
          key={part}
          className={classes('h-full min-w-[3px] transition-[flex-grow] duration-200', ledgerFills[part])}
          style={{ flexGrow: ledger[part], flexBasis: 0 }}
        />
      ))}
    </div>
  );
}
