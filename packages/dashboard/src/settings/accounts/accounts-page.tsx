import type { ProviderAccount } from '@ringside/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { callbackUrls, textOfUrls } from '../../callback-urls.ts';
import { useClient } from '../../client-context.ts';
import { useSession } from '../../session/session-context.ts';
import { useIntake } from '../../shell/use-intake.ts';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { ListBox, SectionHead } from '../section.tsx';
import { AccountDialog } from './account-dialog.tsx';
import { AccountRow } from './account-row.tsx';
import { DropTokensDialog, RemoveDialog } from './end-dialogs.tsx';
import { LimitsDialog } from './limits-dialog.tsx';
import { TokenDialog } from './token-dialog.tsx';

type Doing =
  | { readonly what: 'add' }
  | { readonly what: 'token' | 'drop' | 'limits' | 'remove'; readonly account: ProviderAccount };

/** Whose callbacks are believed. */
export function AccountsPage() {
  const client = useClient();
  const queries = useQueryClient();
  const [doing, setDoing] = useState<Doing | null>(null);
  const { data, error } = useQuery({
    queryKey: ['provider-accounts'],
    queryFn: () => client.request<{ items: ProviderAccount[] }>('/v1/provider-accounts'),
  });
  const close = (): void => setDoing(null);
  const done = async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: ['provider-accounts'] });
    close();
  };
  return (
    <>
      <SectionHead
        title="Provider accounts"
        action={
          <Button kind="primary" onClick={() => setDoing({ what: 'add' })}>
            <Plus aria-hidden="true" className="size-4" />
            Add account
          </Button>
        }
      >
        Plivo signs its callbacks with the token of its account. Ringside believes those of the accounts here, and no
        others.
      </SectionHead>
      <ListBox
        label="Provider accounts"
        items={data?.items}
        error={error}
        empty="No account yet, so every callback is refused. Add the one whose calls this workspace reports on."
        row={(account) => <AccountRow key={account.id} account={account} act={(what) => setDoing({ what, account })} />}
      />
      <CallbackUrls />
      {doing?.what === 'add' && <AccountDialog onDone={done} onClose={close} />}
      {doing?.what === 'token' && <TokenDialog account={doing.account} onDone={done} onClose={close} />}
      {doing?.what === 'limits' && <LimitsDialog account={doing.account} onDone={done} onClose={close} />}
      {doing?.what === 'drop' && <DropTokensDialog account={doing.account} onDone={done} onClose={close} />}
      {doing?.what === 'remove' && <RemoveDialog account={doing.account} onDone={done} onClose={close} />}
    </>
  );
}

function CallbackUrls() {
  const { workspace } = useSession();
  const { intake } = useIntake();
  return (
    <section aria-labelledby="callback-urls" className="mt-8 max-w-220">
      <h2 id="callback-urls" className="text-16 font-semibold">
        What to give to Plivo
      </h2>
      <p className="mt-0.5 mb-3 text-ink-2">
        With each call, instead of your own URLs; your answer URL goes into{' '}
        <code className="font-mono text-12 text-ink">next</code>, URL-encoded, and your campaign’s id into{' '}
        <code className="font-mono text-12 text-ink">campId</code>. They name this workspace, so its callbacks find it
        even where several workspaces share an account.{' '}
        <code className="font-mono text-12 text-ink">#rc=5&amp;rp=all</code> asks Plivo to deliver again when a delivery
        fails.
      </p>
      <CopyBlock
        title="Callback URLs"
        code={textOfUrls(callbackUrls(intake?.publicUrls[0] ?? location.origin, workspace))}
      />
    </section>
  );
}
