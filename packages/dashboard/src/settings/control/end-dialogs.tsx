import type { ControlWebhook } from '@ringside/protocol';
import { useClient } from '../../client-context.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { WEBHOOK_PATH } from './webhook-path.ts';

interface RotateDialogProps {
  readonly webhook: ControlWebhook;
  /** Hears of the new secret. */
  readonly onDone: (webhook: ControlWebhook) => Promise<void>;
  readonly onClose: () => void;
}

/** Ends the secret that commands are signed with now. */
export function RotateDialog({ webhook: { url, timeoutSeconds }, onDone, onClose }: RotateDialogProps) {
  const client = useClient();
  const body = { url, timeoutSeconds, rotateSecret: true };
  return (
    <Confirm
      title="Make another secret?"
      action="Make another one"
      run={async () => onDone(await client.request<ControlWebhook>(WEBHOOK_PATH, { method: 'PUT', body }))}
      onDone={onClose}
      onClose={onClose}
    >
      <p>Commands are signed with the new one at once. Until your dialer knows it, it will refuse them.</p>
    </Confirm>
  );
}

interface RemoveDialogProps {
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

export function RemoveDialog({ onDone, onClose }: RemoveDialogProps) {
  const client = useClient();
  return (
    <Confirm
      title="Remove the control webhook?"
      action="Remove it"
      run={() => client.request(WEBHOOK_PATH, { method: 'DELETE' })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>External dialers are asked nothing any more: their campaigns cannot be paused from here.</p>
    </Confirm>
  );
}
