import type { ProviderAccount } from '@ringside/protocol';
import { useClient } from '../../client-context.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { accountPath } from './account-path.ts';

interface EndDialogProps {
  readonly account: ProviderAccount;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

/** The second half of a rotation. */
export function DropTokensDialog({ account: { id, name, tokens }, onDone, onClose }: EndDialogProps) {
  const client = useClient();
  return (
    <Confirm
      title={`Drop the old tokens of “${name}”?`}
      action="Drop them"
      run={() => client.request(accountPath(id), { method: 'PATCH', body: { dropTokens: 'all-but-newest' } })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        Only <code className="font-mono text-12 text-ink">{tokens[0]?.hint}</code> stays. Callbacks that Plivo still
        signs with an old one are refused from then on, so make sure that Plivo has the new one.
      </p>
    </Confirm>
  );
}

export function RemoveDialog({ account: { id, name }, onDone, onClose }: EndDialogProps) {
  const client = useClient();
  return (
    <Confirm
      title={`Remove “${name}”?`}
      action="Remove the account"
      run={() => client.request(accountPath(id), { method: 'DELETE' })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        Its callbacks are refused at once, so the campaigns that it dials stand still here. What was reported stays. To
        go on you need the token again.
      </p>
    </Confirm>
  );
}
