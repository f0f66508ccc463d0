import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../../client-context.ts';
import { useSession } from '../../session/session-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { TextField } from '../../ui/field.tsx';
import { TimeZoneField } from './time-zone-field.tsx';

interface NewWorkspaceDialogProps {
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

/** Makes a workspace, with the usual limits. */
export function NewWorkspaceDialog({ onDone, onClose }: NewWorkspaceDialogProps) {
  const client = useClient();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [timeZone, setTimeZone] = useState(useSession().timeZone);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      client.request('/v1/workspaces', {
        method: 'POST',
        body: { id: id.trim(), timeZone, ...(name.trim() === '' ? {} : { name: name.trim() }) },
      }),
    onSuccess: onDone,
  });
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate();
  }
  return (
    <Dialog title="New workspace" onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <TextField
          label="Id"
          note="Such as the client’s id in your application. It stands in callback URLs and cannot be changed."
          required
          maxLength={64}
          pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
          title="Letters, digits, and . _ - after the first"
          autoComplete="off"
          spellCheck={false}
          value={id}
          onChange={(event) => setId(event.target.value)}
        />
        <TextField
          label="Name (optional)"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TimeZoneField value={timeZone} setValue={setTimeZone} />
        <Failure error={error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={isPending}>
            Make the workspace
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
