import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../../client-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { TextField } from '../../ui/field.tsx';
import { TokenField } from './token-field.tsx';

interface AccountDialogProps {
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

/** Adds an account. */
export function AccountDialog({ onDone, onClose }: AccountDialogProps) {
  const client = useClient();
  const [name, setName] = useState('');
  const [authId, setAuthId] = useState('');
  const [token, setToken] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      client.request('/v1/provider-accounts', {
        method: 'POST',
        body: { authId: authId.trim(), token: token.trim(), ...(name.trim() === '' ? {} : { name: name.trim() }) },
      }),
    onSuccess: onDone,
  });
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate();
  }
  return (
    <Dialog title="Add a Plivo account" onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <TextField
          label="Auth ID"
          note="From the overview of Plivo’s console; it begins with MA or SA."
          required
          placeholder="MAXXXXXXXXXXXXXXXXXX"
          autoComplete="off"
          spellCheck={false}
          value={authId}
          onChange={(event) => setAuthId(event.target.value)}
        />
        <TokenField value={token} setValue={setToken} />
        <TextField
          label="Name (optional)"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Failure error={error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={isPending}>
            Add the account
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
