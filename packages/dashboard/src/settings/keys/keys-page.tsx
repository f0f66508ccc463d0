import type { ApiKey, ApiKeyMade } from '@ringside/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useMay, useSession } from '../../session/session-context.ts';
import { Button } from '../../ui/button.tsx';
import { INLINE, SelectField } from '../../ui/field.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ListBox, SectionHead } from '../section.tsx';
import { useKeys } from '../use-keys.ts';
import { useWorkspaces } from '../use-workspaces.ts';
import { KeyDialog } from './key-dialog.tsx';
import { KeyMade } from './key-made.tsx';
import { KeyRow } from './key-row.tsx';
import { endOf } from './key-words.ts';
import { RevokeDialog } from './revoke-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';

type Doing =
  | { readonly what: 'make' }
  | { readonly what: 'made'; readonly made: ApiKeyMade }
  | { readonly what: 'rotate' | 'revoke'; readonly key: ApiKey };

/** Who and what gets in by a key. */
export function KeysPage() {
  const queries = useQueryClient();
  const { workspace, choose } = useChosenWorkspace();
  const [doing, setDoing] = useState<Doing | null>(null);
  const [withEnded, setWithEnded] = useState(false);
  const now = useNow(30_000);
  const { data, error } = useKeys(workspace);
  const refresh = () => queries.invalidateQueries({ queryKey: ['keys'] });
  const close = (): void => setDoing(null);
  function onMade(made: ApiKeyMade): void {
    setDoing({ what: 'made', made });
    void refresh();
  }
  async function onRevoked(): Promise<void> {
    await refresh();
    close();
  }
  const live = data?.filter((key) => endOf(key, now) === null);
  const ended = data?.filter((key) => endOf(key, now) !== null) ?? [];
  return (
    <>
      <SectionHead
        title="Keys"
        action={
          <div className="flex flex-wrap items-center gap-2">
            <WorkspaceChoice workspace={workspace} choose={choose} />
            <Button kind="primary" onClick={() => setDoing({ what: 'make' })}>
              <Plus aria-hidden="true" className="size-4" />
              New key
            </Button>
          </div>
        }
      >
        A key lets one person or one program in. Give each its own, so that one can be ended without the others.
      </SectionHead>
      <ListBox
        label="Keys"
        items={live && withEnded ? [...live, ...ended] : live}
        error={error}
        empty="No key works in this workspace. Make its first one, and hand it to whoever looks after it."
        row={(key) => (
          <KeyRow
            key={key.id}
            apiKey={key}
            now={now}
            rotate={() => setDoing({ what: 'rotate', key })}
            revoke={() => setDoing({ what: 'revoke', key })}
          />
        )}
      />
      {ended.length > 0 && (
        <Button kind="quiet" small className="mt-2" onClick={() => setWithEnded(!withEnded)} aria-expanded={withEnded}>
          {withEnded ? 'Hide' : 'Show'} {ended.length} that ended
        </Button>
      )}
      {doing?.what === 'make' && <KeyDialog workspace={workspace} onMade={onMade} onClose={close} />}
      {doing?.what === 'made' && <KeyMade made={doing.made} onClose={close} />}
      {doing?.what === 'rotate' && (
        <RotateDialog apiKey={doing.key} workspace={workspace} onMade={onMade} onClose={close} />
      )}
      {doing?.what === 'revoke' && (
        <RevokeDialog apiKey={doing.key} workspace={workspace} onDone={onRevoked} onClose={close} />
      )}
    </>
  );
}

/** One’s own workspace; who looks after workspaces may look into others. */
function useChosenWorkspace() {
  const [params, setParams] = useSearchParams();
  const own = useSession().workspace;
  const isHost = useMay('host');
  return {
    workspace: isHost ? (params.get('workspace') ?? own) : own,
    choose: (id: string) => setParams(id === own ? {} : { workspace: id }, { replace: true }),
  };
}

interface WorkspaceChoiceProps {
  readonly workspace: string;
  readonly choose: (id: string) => void;
}

function WorkspaceChoice({ workspace, choose }: WorkspaceChoiceProps) {
  const isHost = useMay('host');
  const { data } = useWorkspaces(isHost);
  if (!isHost || !data || data.length < 2) return null;
  return (
    <SelectField
      label="Workspace"
      className={INLINE}
      value={workspace}
      onChange={(event) => choose(event.target.value)}
    >
      {data.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
