import type { ProviderAccount } from '@ringside/protocol';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../../client-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { TextField } from '../../ui/field.tsx';
import { accountPath } from './account-path.ts';
import { limitsOf, limitsText } from './limits-text.ts';

interface LimitsDialogProps {
  readonly account: ProviderAccount;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

/** What the provider lets an account do, so that Ringside does not dial faster with it. */
export function LimitsDialog({ account: { id, name, limits }, onDone, onClose }: LimitsDialogProps) {
  const client = useClient();
  const [text, setText] = useState(() => limitsText(limits));
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => client.request(accountPath(id), { method: 'PATCH', body: { limits: limitsOf(text) } }),
    onSuccess: onDone,
  });
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate();
  }
  return (
    <Dialog title={`Limits of “${name}”`} onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <p className="text-ink-2">
          As your contract with Plivo has them. All campaigns that Ringside dials with this account share them fairly.
        </p>
        <div className="grid grid-cols-2 gap-4">
          <TextField
            label="Calls per second"
            note="Empty is as the server is set up."
            type="number"
            min={0.001}
            max={1_000}
            step="any"
            value={text.callsPerSecond}
            onChange={({ target }) => setText({ ...text, callsPerSecond: target.value })}
          />
          <TextField
            label="Live at once"
            note="Empty is without limit."
            type="number"
            min={1}
            max={100_000}
            step={1}
            disabled={text.callsPerSecond === ''}
            value={text.concurrency}
            onChange={({ target }) => setText({ ...text, concurrency: target.value })}
          />
        </div>
        <Failure error={error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
