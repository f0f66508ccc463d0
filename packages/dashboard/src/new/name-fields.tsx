import { TimeZoneField } from '../settings/workspaces/time-zone-field.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { countries } from './countries.ts';
import { type Draft, idOf } from './draft.ts';

export interface DraftFieldsProps {
  readonly draft: Draft;
  readonly change: (changes: Partial<Draft>) => void;
}

interface NameFieldsProps extends DraftFieldsProps {
  /** It exists: its id and its country stay as they are. */
  readonly fixed: boolean;
}

/** How it is called. The id follows the name until somebody writes another one. */
export function NameFields({ draft: { name, id, country, timezone }, change, fixed }: NameFieldsProps) {
  const follows = id === idOf(name);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label="Name"
        required
        maxLength={200}
        autoComplete="off"
        placeholder="Diwali offer"
        value={name}
        onChange={({ target }) =>
          change({ name: target.value, ...(follows && !fixed ? { id: idOf(target.value) } : {}) })
        }
      />
      <TextField
        label="Id"
        note={fixed ? 'Fixed since it was made.' : 'As programs name it; fixed once it is made.'}
        required
        disabled={fixed}
        maxLength={128}
        pattern="[A-Za-z0-9._:\-]+"
        title="Letters, digits, and . _ : -"
        autoComplete="off"
        spellCheck={false}
        value={id}
        onChange={({ target }) => change({ id: target.value })}
      />
      <SelectField
        label="Country of numbers without one"
        note={fixed ? 'Fixed since it was made.' : 'Fixed once it is made.'}
        disabled={fixed}
        value={country}
        onChange={({ target }) => change({ country: target.value })}
      >
        <option value="">None: every number begins with +</option>
        {countries.map(({ code, name: label }) => (
          <option key={code} value={code}>
            {label}
          </option>
        ))}
      </SelectField>
      <TimeZoneField value={timezone} setValue={(zone) => change({ timezone: zone })} />
    </div>
  );
}
