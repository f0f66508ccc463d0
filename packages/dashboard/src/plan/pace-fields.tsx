import { TextField } from '../ui/field.tsx';
import type { PaceText } from './pace-text.ts';

interface PaceFieldsProps {
  readonly pace: PaceText;
  readonly setPace: (pace: PaceText) => void;
}

/** Calls that may start a second, and that may be live at once. */
export function PaceFields({ pace, setPace }: PaceFieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-4">
      <TextField
        label="Calls per second"
        note="0.2 is one every five seconds."
        type="number"
        inputMode="decimal"
        min={0.001}
        max={1_000}
        step="any"
        placeholder="account’s limit"
        value={pace.callsPerSecond}
        onChange={({ target }) => setPace({ ...pace, callsPerSecond: target.value })}
      />
      <TextField
        label="Live at once"
        note="No more calls than this overlap."
        type="number"
        inputMode="numeric"
        min={1}
        max={100_000}
        step={1}
        placeholder="account’s limit"
        value={pace.concurrency}
        onChange={({ target }) => setPace({ ...pace, concurrency: target.value })}
      />
    </div>
  );
}
