import type { ProviderAccount } from '@ringside/protocol';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../../client-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { accountPath } from './account-path.ts';
import { TokenField } from './token-field.tsx';

interface TokenDialogProps {
  readonly account: ProviderAccount;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

/** The first half of a rotation: the next token is accepted beside the present one. */
export function TokenDialog({ account: { id, name }, onDone, onClose }: TokenDialogProps) {
  const client = useClient();
  const [token, setToken] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => client.request(accountPath(id), { method: 'PATCH', body: { addToken: token.trim() } }),
    onSuccess: onDone,
  });
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate();
  }
  return (
    <Dialog title={`Add a token to “${name}”`} onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <p className="text-ink-2">
          Add the new token here, then make it the token of the account at Plivo. Callbacks signed with either are
          believed until you drop the old one.
        </p>
        <TokenField value={token} setValue={setToken} />
        <Failure error={error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={isPending}>
            Add the token
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
