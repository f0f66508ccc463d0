import type { ApiKey, ApiKeyMade } from '@ringside/protocol';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../../client-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { SelectField } from '../../ui/field.tsx';
import { keyPath } from './key-path.ts';

interface RotateDialogProps {
  readonly apiKey: ApiKey;
  readonly workspace: string;
  readonly onMade: (made: ApiKeyMade) => void;
  readonly onClose: () => void;
}

/** Puts another key in the place of one. */
export function RotateDialog({ apiKey, workspace, onMade, onClose }: RotateDialogProps) {
  const client = useClient();
  const [grace, setGrace] = useState('86400');
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      client.request<ApiKeyMade>(keyPath(apiKey.id, workspace, '/rotate'), {
        method: 'POST',
        body: { graceSeconds: Number(grace) },
      }),
    onSuccess: onMade,
  });
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate();
  }
  return (
    <Dialog title={`Rotate “${apiKey.name}”`} onClose={onClose}>
      <form onSubmit={onSubmit}>
        <p className="mb-4 text-ink-2">
          Makes another key with the same name and rights. Until the old one ends both work, so that nothing stands
          still meanwhile.
        </p>
        <SelectField label="The old key ends" value={grace} onChange={(event) => setGrace(event.target.value)}>
          <option value="0">at once</option>
          <option value="3600">in an hour</option>
          <option value="86400">in a day</option>
          <option value="604800">in a week</option>
        </SelectField>
        <Failure error={error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={isPending}>
            Make the next key
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
