import type { Workspace } from '@ringside/protocol';
import { Dialog } from '../../ui/dialog.tsx';
import { WorkspaceForm } from './workspace-form.tsx';

interface WorkspaceDialogProps {
  readonly workspace: Workspace;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

export function WorkspaceDialog({ workspace, onDone, onClose }: WorkspaceDialogProps) {
  return (
    <Dialog title={`Change “${workspace.name}”`} onClose={onClose}>
      <WorkspaceForm workspace={workspace} onDone={onDone} onCancel={onClose} />
    </Dialog>
  );
}
