import type { ControlWebhook } from '@ringside/protocol';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../../client-context.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { TextField } from '../../ui/field.tsx';
import { WEBHOOK_PATH } from './webhook-path.ts';

interface WebhookDialogProps {
  /** `null`: it is set for the first time, and a secret is made. */
  readonly webhook: ControlWebhook | null;
  readonly onDone: (webhook: ControlWebhook) => Promise<void>;
  readonly onClose: () => void;
}

/** Sets the control webhook, or changes it. */
export function WebhookDialog({ webhook, onDone, onClose }: WebhookDialogProps) {
  const client = useClient();
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [seconds, setSeconds] = useState(String(webhook?.timeoutSeconds ?? 30));
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      client.request<ControlWebhook>(WEBHOOK_PATH, {
        method: 'PUT',
        body: { url: url.trim(), timeoutSeconds: Number(seconds) },
      }),
    onSuccess: onDone,
  });
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate();
  }
  return (
    <Dialog title={webhook ? 'Change the control webhook' : 'Set up the control webhook'} onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <TextField
          label="URL of your dialer"
          note="Ringside posts commands to it. It may lie inside your network."
          type="url"
          required
          maxLength={2_000}
          spellCheck={false}
          placeholder="https://dialer.example.com/ringside"
          value={url}
          onChange={({ target }) => setUrl(target.value)}
        />
        <TextField
          label="Waits for an answer, seconds"
          note="After that the page says “not confirmed”."
          type="number"
          required
          min={5}
          max={600}
          step={1}
          value={seconds}
          onChange={({ target }) => setSeconds(target.value)}
          className="max-w-50"
        />
        <Failure error={error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={isPending}>
            {webhook ? 'Save' : 'Set it up'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
