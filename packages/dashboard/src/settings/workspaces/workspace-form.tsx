import type { Limits, Workspace } from '@ringside/protocol';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../../client-context.ts';
import { useMay } from '../../session/session-context.ts';
import { Button } from '../../ui/button.tsx';
import { DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { TextField } from '../../ui/field.tsx';
import { LimitFields } from './limit-fields.tsx';
import { TimeZoneField } from './time-zone-field.tsx';
import { workspacePath } from './workspace-path.ts';

interface WorkspaceFormProps {
  readonly workspace: Workspace;
  readonly onDone: () => Promise<void>;
  readonly onCancel?: () => void;
}

/** Name and time zone; limits for who looks after workspaces. */
export function WorkspaceForm({ workspace, onDone, onCancel }: WorkspaceFormProps) {
  const client = useClient();
  const isHost = useMay('host');
  const [name, setName] = useState(workspace.name);
  const [timeZone, setTimeZone] = useState(workspace.timeZone);
  const [limits, setLimits] = useState<Limits>(workspace.limits);
  const { mutate, isPending, isSuccess, error, reset } = useMutation({
    mutationFn: () =>
      client.request(workspacePath(workspace.id), {
        method: 'PATCH',
        body: { name: name.trim(), timeZone, ...(isHost ? { limits } : {}) },
      }),
    onSuccess: onDone,
  });
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate();
  }
  return (
    <form onSubmit={onSubmit} onChange={reset} className="space-y-4">
      <TextField label="Name" required maxLength={120} value={name} onChange={(event) => setName(event.target.value)} />
      <TimeZoneField value={timeZone} setValue={setTimeZone} />
      {isHost && <LimitFields limits={limits} setLimits={setLimits} />}
      <Failure error={error} />
      <DialogActions>
        {isSuccess && (
          <p role="status" className="self-center text-12 text-reached">
            Saved
          </p>
        )}
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <Button kind="primary" type="submit" disabled={isPending}>
          Save
        </Button>
      </DialogActions>
    </form>
  );
}
