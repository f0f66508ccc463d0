import type { Workspace } from '@ringside/protocol';
import { useClient } from '../../client-context.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { workspacePath } from './workspace-path.ts';

interface CloseDialogProps {
  readonly workspace: Workspace;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

/** Closes a workspace, or opens a closed one. */
export function CloseDialog({ workspace: { id, name, closedAt }, onDone, onClose }: CloseDialogProps) {
  const client = useClient();
  const closed = closedAt === null;
  return (
    <Confirm
      title={closed ? `Close “${name}”?` : `Open “${name}” again?`}
      action={closed ? 'Close the workspace' : 'Open it'}
      run={() => client.request(workspacePath(id), { method: 'PATCH', body: { closed } })}
      onDone={onDone}
      onClose={onClose}
    >
      {closed ? (
        <p>
          Within a second nobody gets in any more: its keys, its people and its share links are shut out, and open pages
          end. Its data stays, and it can be opened again.
        </p>
      ) : (
        <p>Its keys, people and share links that have not ended meanwhile work again.</p>
      )}
    </Confirm>
  );
}
