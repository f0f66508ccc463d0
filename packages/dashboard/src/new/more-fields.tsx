import type { ProviderAccount } from '@ringside/protocol';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../client-context.ts';
import { readZone } from '../readers.ts';
import { useMay } from '../session/session-context.ts';
import { SelectField, TextField } from '../ui/field.tsx';
import type { DraftFieldsProps } from './name-fields.tsx';

/** What most campaigns leave as it is. */
export function MoreFields({ draft, change }: DraftFieldsProps) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Rings for, seconds"
          type="number"
          required
          min={5}
          max={120}
          step={1}
          value={draft.ringSeconds}
          onChange={({ target }) => change({ ringSeconds: target.value })}
        />
        <TextField
          label="Longest call, minutes"
          type="number"
          min={0.1}
          max={1_440}
          step="any"
          placeholder="no limit of its own"
          value={draft.callMinutes}
          onChange={({ target }) => change({ callMinutes: target.value })}
        />
      </div>
      <TextField
        label="Deadline (optional)"
        note={`By the clock of ${readZone(draft.timezone).replaceAll('_', ' ')}. Nothing is dialed after it.`}
        type="datetime-local"
        value={draft.deadline}
        onChange={({ target }) => change({ deadline: target.value })}
      />
      <AccountField draft={draft} change={change} />
    </>
  );
}

/** Which account dials, for who may see them and where there are several. */
function AccountField({ draft, change }: DraftFieldsProps) {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['provider-accounts'],
    queryFn: () => client.request<{ items: ProviderAccount[] }>('/v1/provider-accounts'),
    enabled: useMay('administer'),
  });
  if (!data || data.items.length < 2) return null;
  return (
    <SelectField
      label="Provider account"
      value={draft.account}
      onChange={({ target }) => change({ account: target.value })}
    >
      <option value="">The workspace’s first</option>
      {data.items.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
