import type { Outcome } from '@ringside/protocol';
import { outcomeOrder, outcomeWords } from '../definitions.ts';
import { CountsPanel } from './counts-panel.tsx';
import { OutcomeGlyph, outcomeKinds } from './outcome-glyph.tsx';

interface OutcomesPanelProps {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** All ended calls, which the outcomes sum to. */
  readonly ended: number;
}

/** How calls ended, in an order that does not change. */
export function OutcomesPanel({ outcomes, ended }: OutcomesPanelProps) {
  const rows = outcomeOrder.map((outcome) => ({
    key: outcome,
    glyph: <OutcomeGlyph outcome={outcome} />,
    label: outcomeWords[outcome].label,
    meaning: outcomeWords[outcome].meaning,
    count: outcomes[outcome],
    fill: outcomeKinds[outcome] === 'reached' ? 'bg-reached-fill' : 'bg-unreached-fill',
  }));
  return <CountsPanel title="Outcomes" rows={rows} total={ended} />;
}
