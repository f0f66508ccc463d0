import type { Limits } from '@ringside/protocol';
import { TextField } from '../../ui/field.tsx';

const MOST = 1_000_000;

const fields: readonly { readonly name: keyof Limits; readonly label: string }[] = [
  { name: 'requestsPerSecond', label: 'Requests, all' },
  { name: 'keyRequestsPerSecond', label: 'Requests, each key' },
  { name: 'eventsPerSecond', label: 'Events by API' },
];

interface LimitFieldsProps {
  readonly limits: Limits;
  readonly setLimits: (limits: Limits) => void;
}

/** How much a workspace may ask for in a second. */
export function LimitFields({ limits, setLimits }: LimitFieldsProps) {
  return (
    <fieldset>
      <legend className="sr-only">Limits</legend>
      <div className="grid gap-x-3 gap-y-4 sm:grid-cols-3">
        {fields.map(({ name, label }) => (
          <TextField
            key={name}
            label={`${label} / s`}
            type="number"
            inputMode="numeric"
            min={1}
            max={MOST}
            placeholder="no limit"
            value={limits[name] ?? ''}
            onChange={({ target: { value } }) => setLimits({ ...limits, [name]: value === '' ? null : Number(value) })}
          />
        ))}
      </div>
      <p className="mt-1.5 text-12 text-ink-2">
        Empty is without limit. Callbacks that Plivo signed are never refused for their number.
      </p>
    </fieldset>
  );
}
