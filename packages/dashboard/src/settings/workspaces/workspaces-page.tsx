import type { Workspace } from '@ringside/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../session/session-context.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Skeleton } from '../../ui/panel.tsx';
import { ListBox, SectionHead } from '../section.tsx';
import { useWorkspaces } from '../use-workspaces.ts';
import { CloseDialog } from './close-dialog.tsx';
import { NewWorkspaceDialog } from './new-workspace-dialog.tsx';
import { WorkspaceDialog } from './workspace-dialog.tsx';
import { WorkspaceForm } from './workspace-form.tsx';
import { WorkspaceRow } from './workspace-row.tsx';

/** All workspaces for who looks after them; for others, their own. */
export function WorkspacesPage() {
  return useMay('host') ? <AllWorkspaces /> : <OwnWorkspace />;
}

type Doing =
  | { readonly what: 'make' }
  | { readonly what: 'change' | 'close' | 'reopen'; readonly workspace: Workspace };

function AllWorkspaces() {
  const { data, error } = useWorkspaces();
  const done = useWorkspacesChanged();
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = (): void => setDoing(null);
  const doneAndClosed = async (): Promise<void> => {
    await done();
    close();
  };
  return (
    <>
      <SectionHead
        title="Workspaces"
        action={
          <Button kind="primary" onClick={() => setDoing({ what: 'make' })}>
            <Plus aria-hidden="true" className="size-4" />
            New workspace
          </Button>
        }
      >
        One for each client: with its own campaigns, keys and provider accounts. None sees anything of another.
      </SectionHead>
      <ListBox
        label="Workspaces"
        items={data}
        error={error}
        empty="No workspace."
        row={(workspace) => (
          <WorkspaceRow key={workspace.id} workspace={workspace} act={(what) => setDoing({ what, workspace })} />
        )}
      />
      {doing?.what === 'make' && <NewWorkspaceDialog onDone={doneAndClosed} onClose={close} />}
      {doing?.what === 'change' && (
        <WorkspaceDialog workspace={doing.workspace} onDone={doneAndClosed} onClose={close} />
      )}
      {(doing?.what === 'close' || doing?.what === 'reopen') && (
        <CloseDialog workspace={doing.workspace} onDone={doneAndClosed} onClose={close} />
      )}
    </>
  );
}

function OwnWorkspace() {
  const { data, error } = useWorkspaces();
  const done = useWorkspacesChanged();
  const own = data?.[0];
  return (
    <>
      <SectionHead title="Workspace">How it is called, and in which time zone its days begin.</SectionHead>
      {own ? (
        <div className="max-w-130 rounded-panel border border-line bg-surface p-4">
          <WorkspaceForm workspace={own} onDone={done} />
        </div>
      ) : error ? (
        <Failure error={error} />
      ) : (
        <Skeleton className="h-48 max-w-130" />
      )}
    </>
  );
}

/** The name stands in the shell too. */
function useWorkspacesChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['workspaces'] }),
      queries.invalidateQueries({ queryKey: ['session'] }),
    ]);
  };
}
