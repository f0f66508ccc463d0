import type { Report } from '@ringside/protocol';
import { figureWords } from '../definitions.ts';
import { CountsPanel } from './counts-panel.tsx';

const MOST = 12;

interface CausesPanelProps {
  readonly causes: Report['callMetrics']['hangupCauses'];
  /** All ended calls. */
  readonly ended: number;
}

/** What the provider said of how calls ended, most frequent first. */
export function CausesPanel({ causes, ended }: CausesPanelProps) {
  const rows = causes.slice(0, MOST).map(({ code, name, count }) => ({
    key: `${code} ${name}`,
    label: name,
    meaning: figureWords.hangupCause.meaning,
    note: code === null ? undefined : String(code),
    count,
    fill: 'bg-unreached-fill',
  }));
  const more = causes.length - rows.length;
  return (
    <CountsPanel title="Hangup causes" rows={rows} total={ended} more={more > 0 ? `and ${more} more` : undefined} />
  );
}
