import { RingsideError } from '@ringside/client';
import type { Campaign, CommandName } from '@ringside/protocol';
import { type SubmitEvent, useState } from 'react';
import { Link } from 'wouter';
import { useMay } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Consequences } from './consequences.tsx';
import { commandWords } from './control-words.ts';
import { useSaid } from './said-fields.tsx';
import { useCommand, usePreview } from './use-command.ts';

interface CommandDialogProps {
  readonly campaign: Campaign;
  readonly command: CommandName;
  readonly onDone: (campaign: Campaign) => void;
  readonly onClose: () => void;
}

/** Shows what follows from a command, asks for what it needs, and gives it. A cancellation is asked for twice. */
export function CommandDialog({ campaign, command, onDone, onClose }: CommandDialogProps) {
  const words = commandWords[command];
  const [asked, setAsked] = useState(false);
  const { said, whole, fields } = useSaid(campaign, command);
  const preview = usePreview(campaign.id, command, said);
  const { mutate, isPending, error } = useCommand(campaign.id, command, (answer) => {
    onDone(answer);
    onClose();
  });
  const isGrave = command === 'cancel';
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (isGrave && !asked) setAsked(true);
    else mutate(whole);
  }
  return (
    <Dialog
      // Anew for the second question, so that its harmless answer has the focus.
      key={String(asked)}
      title={asked ? 'End it for good?' : words.question(campaign.name)}
      onClose={onClose}
    >
      <form onSubmit={onSubmit} className="space-y-4">
        <Consequences preview={preview.data} error={preview.error} />
        {asked ? <LastWord /> : fields}
        <Failure error={error} />
        <WebhookHint error={error ?? preview.error} />
        <DialogActions>
          <Button onClick={onClose} data-first={asked || undefined}>
            {isGrave ? 'Keep it' : 'Not now'}
          </Button>
          <Button
            type="submit"
            kind={isGrave ? 'danger' : 'primary'}
            disabled={isPending || preview.data?.allowed !== true}
          >
            {isPending ? words.doing : asked ? `Yes, cancel “${campaign.name}”` : words.action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function LastWord() {
  return (
    <p>
      <b className="font-medium">A cancelled campaign cannot be resumed.</b> What was reported stays.
    </p>
  );
}

/** An external dialer cannot be told anything yet: where that is mended, for who may. */
function WebhookHint({ error }: { readonly error: Error | null }) {
  const isAdmin = useMay('administer');
  if (!isAdmin || !(error instanceof RingsideError) || error.code !== 'no-control-webhook') return null;
  return (
    <p>
      <Link href="/settings/control" className="text-progress underline underline-offset-2">
        Set up the control webhook
      </Link>
    </p>
  );
}
