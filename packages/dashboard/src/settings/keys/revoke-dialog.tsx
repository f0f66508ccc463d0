import type { ApiKey } from '@ringside/protocol';
import { useClient } from '../../client-context.ts';
import { formatAgo } from '../../format.ts';
import { readInstant } from '../../readers.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { useServerTime } from '../../ui/use-now.ts';
import { keyPath } from './key-path.ts';

interface RevokeDialogProps {
  readonly apiKey: ApiKey;
  readonly workspace: string;
  readonly onDone: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Names what revoking a key breaks. */
export function RevokeDialog({ apiKey: { id, name, lastUsedAt }, workspace, onDone, onClose }: RevokeDialogProps) {
  const client = useClient();
  const now = useServerTime();
  return (
    <Confirm
      title={`Revoke “${name}”?`}
      action="Revoke the key"
      run={() => client.request(keyPath(id, workspace), { method: 'DELETE' })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        Within a second whatever uses it is shut out: pages that signed in with it, this one too if it did, and programs
        that deliver events by it, whose events are then refused.
      </p>
      <p>
        {lastUsedAt === null
          ? 'It was never used.'
          : `It was last used ${formatAgo(now.getTime() - readInstant(lastUsedAt))}.`}{' '}
        It cannot be brought back; rotate it instead to replace it without a gap.
      </p>
    </Confirm>
  );
}
