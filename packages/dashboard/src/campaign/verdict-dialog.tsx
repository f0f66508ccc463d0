import type { DoubtfulAttempt } from '@ringside/protocol';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../client-context.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';

/** What somebody says of an attempt in doubt. */
export interface Verdict {
  readonly attempt: DoubtfulAttempt;
  readonly placed: boolean;
}

interface VerdictDialogProps {
  readonly verdict: Verdict;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

/** Somebody knows better, such as from the provider’s console: says what follows, and asks how they know. */
export function VerdictDialog({ verdict: { attempt, placed }, onDone, onClose }: VerdictDialogProps) {
  const client = useClient();
  const [reason, setReason] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      client.request(`/v1/attempts/doubtful/${encodeURIComponent(attempt.attemptId)}`, {
        method: 'POST',
        body: { placed, reason: reason.trim() },
      }),
    onSuccess: onDone,
  });
  const who = attempt.number ?? 'the contact';
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate();
  }
  return (
    <Dialog title={placed ? 'The call was placed?' : 'The call was not placed?'} onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <p>
          {placed
            ? `It counts as a call of which no end was heard, and ${who} is not called for it again.`
            : `Then ${who} may be called again, as the rules about calling again say. If the call was placed after all, this person is called twice.`}
        </p>
        <TextField
          label="How do you know?"
          note="Such as: looked it up in the provider’s console. It stands in the audit log."
          required
          maxLength={500}
          autoComplete="off"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        <Failure error={error} />
        <DialogActions>
          <Button onClick={onClose}>I do not know</Button>
          <Button kind={placed ? 'primary' : 'danger'} type="submit" disabled={isPending}>
            {placed ? 'It was placed' : 'It was not: it may be called again'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
