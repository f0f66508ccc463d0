import type { ApiKeyMade, Permission, Role } from '@ringside/protocol';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../../client-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { ChoiceField, SelectField, TextField } from '../../ui/field.tsx';
import { permissionsOf, permissionWords, roleWords } from './key-words.ts';

const DAY = 86_400;
const roles = (Object.keys(roleWords) as Role[]).map((value) => ({
  value,
  label: value,
  meaning: roleWords[value].meaning,
}));

interface KeyDialogProps {
  readonly workspace: string;
  readonly onMade: (made: ApiKeyMade) => void;
  readonly onClose: () => void;
}

/** Makes a key. */
export function KeyDialog({ workspace, onMade, onClose }: KeyDialogProps) {
  const client = useClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [without, setWithout] = useState<ReadonlySet<Permission>>(new Set());
  const [days, setDays] = useState('0');
  const all = permissionsOf(role, workspace);
  const scopes = all.filter((permission) => !without.has(permission));
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      client.request<ApiKeyMade>('/v1/keys', {
        method: 'POST',
        body: {
          ...{ name: name.trim(), role, workspace },
          ...(scopes.length === all.length ? {} : { scopes }),
          ...(days === '0' ? {} : { expiresInSeconds: Number(days) * DAY }),
        },
      }),
    onSuccess: onMade,
  });
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate();
  }
  return (
    <Dialog title="New key" onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <TextField
          label="Name"
          note="Who or what uses it, so that everybody knows what breaks when it ends."
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <ChoiceField label="Role" value={role} setValue={setRole} options={roles} />
        {all.length > 1 && <Scopes all={all} without={without} setWithout={setWithout} />}
        <SelectField label="Expires" value={days} onChange={(event) => setDays(event.target.value)}>
          <option value="0">never</option>
          <option value="30">in 30 days</option>
          <option value="90">in 90 days</option>
          <option value="365">in a year</option>
        </SelectField>
        <Failure error={error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={isPending || scopes.length === 0}>
            Make the key
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface ScopesProps {
  readonly all: readonly Permission[];
  readonly without: ReadonlySet<Permission>;
  readonly setWithout: (without: ReadonlySet<Permission>) => void;
}

/** Takes rights away from the role, for a program that needs one of them only. */
function Scopes({ all, without, setWithout }: ScopesProps) {
  function toggle(permission: Permission, has: boolean): void {
    const next = new Set(without);
    if (has) next.delete(permission);
    else next.add(permission);
    setWithout(next);
  }
  return (
    <fieldset>
      <legend className="mb-1 text-ink-2">It may</legend>
      <div className="grid gap-x-4 sm:grid-cols-2">
        {all.map((permission) => (
          <label key={permission} className="flex min-h-8 cursor-pointer items-center gap-2">
            <input
              type="checkbox"
              checked={!without.has(permission)}
              onChange={(event) => toggle(permission, event.target.checked)}
              className="accent-progress"
            />
            {permissionWords[permission]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
