import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../../client-context.ts';
import { linesOf } from '../../plan/lines.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';

interface AddDialogProps {
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

/** Puts a few numbers on the list. */
export function AddDialog({ onDone, onClose }: AddDialogProps) {
  const client = useClient();
  const [numbers, setNumbers] = useState('');
  const [reason, setReason] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      client.request('/v1/do-not-call', {
        method: 'POST',
        body: {
          numbers: linesOf(numbers),
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        },
      }),
    onSuccess: onDone,
  });
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate();
  }
  return (
    <Dialog title="Add numbers that nobody may call" onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <TextArea
          label="Numbers"
          note="With their country, such as +91 98765 43210; one a line."
          required
          data-first
          rows={4}
          spellCheck={false}
          value={numbers}
          onChange={({ target }) => setNumbers(target.value)}
        />
        <TextField
          label="Reason (optional)"
          maxLength={200}
          autoComplete="off"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        <Failure error={error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={isPending}>
            Add them
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
