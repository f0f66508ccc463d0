import type { DoNotCallEntry } from '@ringside/protocol';
import { useClient } from '../../client-context.ts';
import { Confirm } from '../../ui/confirm.tsx';

interface RemoveDialogProps {
  readonly entry: DoNotCallEntry;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

/** Takes one number off the list. It goes in the body: numbers stand in no address. */
export function RemoveDialog({ entry: { number }, onDone, onClose }: RemoveDialogProps) {
  const client = useClient();
  return (
    <Confirm
      title={`Take ${number} off the list?`}
      action="It may be called"
      run={() => client.request('/v1/do-not-call/remove', { method: 'POST', body: { number } })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>Campaigns whose contacts are added from now on may call it. Be sure that this person agreed to it.</p>
    </Confirm>
  );
}
