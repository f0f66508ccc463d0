import { RingsideError } from '@ringside/client';
import type { ControlWebhook } from '@ringside/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useClient } from '../../client-context.ts';
import { formatMinute } from '../../format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Fact, ListBox, SectionHead } from '../section.tsx';
import { RemoveDialog, RotateDialog } from './end-dialogs.tsx';
import { SecretShown } from './secret-shown.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';
import { WEBHOOK_PATH } from './webhook-path.ts';

type Doing = 'set' | 'rotate' | 'remove';

/** Where dialers that are not Ringside’s are told to start, pause and stop. */
export function ControlPage() {
  const client = useClient();
  const queries = useQueryClient();
  const [doing, setDoing] = useState<Doing | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const { data, error } = useQuery({ queryKey: ['control-webhook'], queryFn: () => readWebhook(client) });
  const close = (): void => setDoing(null);
  const done = async (webhook: ControlWebhook | null): Promise<void> => {
    await queries.invalidateQueries({ queryKey: ['control-webhook'] });
    setSecret(webhook?.secret ?? null);
    close();
  };
  const webhook = data?.webhook ?? null;
  return (
    <>
      <SectionHead
        title="Control webhook"
        action={
          data &&
          !webhook && (
            <Button kind="primary" onClick={() => setDoing('set')}>
              <Plus aria-hidden="true" className="size-4" />
              Set it up
            </Button>
          )
        }
      >
        Campaigns that a dialer of yours calls are paused, resumed and cancelled through it: Ringside sends it each
        command, signed, and shows the command as done when it confirms. Campaigns that Ringside dials need none.
      </SectionHead>
      <ListBox
        label="Control webhook"
        items={data && (webhook ? [webhook] : [])}
        error={error}
        empty="None is set, so external dialers cannot be paused from here."
        row={(set) => <WebhookRow key={set.url} webhook={set} act={setDoing} />}
      />
      {doing === 'set' && <WebhookDialog webhook={webhook} onDone={done} onClose={close} />}
      {doing === 'rotate' && webhook && <RotateDialog webhook={webhook} onDone={done} onClose={close} />}
      {doing === 'remove' && <RemoveDialog onDone={() => done(null)} onClose={close} />}
      {secret !== null && (
        <Dialog title="The secret of the control webhook" held onClose={() => setSecret(null)}>
          <SecretShown secret={secret} onStored={() => setSecret(null)} />
        </Dialog>
      )}
    </>
  );
}

/** None is set: that is an answer, and no error. */
async function readWebhook(client: ReturnType<typeof useClient>): Promise<{ readonly webhook: ControlWebhook | null }> {
  try {
    return { webhook: await client.request<ControlWebhook>(WEBHOOK_PATH) };
  } catch (error) {
    if (error instanceof RingsideError && error.code === 'not-found') return { webhook: null };
    throw error;
  }
}

interface WebhookRowProps {
  readonly webhook: ControlWebhook;
  readonly act: (what: Doing) => void;
}

function WebhookRow({ webhook: { url, timeoutSeconds, changedAt }, act }: WebhookRowProps) {
  return (
    <li className="grid items-center gap-x-4 gap-y-2 px-4 py-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,18rem)_auto]">
      <p className="min-w-0 truncate font-mono text-12" title={url}>
        {url}
      </p>
      <dl className="grid grid-cols-2 gap-x-4">
        <Fact name="Waits for an answer">{timeoutSeconds} s</Fact>
        <Fact name="Changed">{formatMinute(changedAt, new Date())}</Fact>
      </dl>
      <div className="flex flex-wrap gap-1 max-lg:-ml-2.5">
        <Button small kind="quiet" onClick={() => act('set')}>
          Change
        </Button>
        <Button small kind="quiet" onClick={() => act('rotate')}>
          New secret
        </Button>
        <Button small kind="grave" onClick={() => act('remove')}>
          Remove
        </Button>
      </div>
    </li>
  );
}
