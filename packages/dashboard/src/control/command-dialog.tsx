import { RingsideError } from '@ringside/client';
import type { Campaign, CommandName } from '@ringside/protocol';
import { type SubmitEvent, useState } from 'react';
import { Link } from 'wouter';
import { useMay, useSession } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, SelectField, TextField } from '../ui/field.tsx';
import { Consequences } from './consequences.tsx';
import { commandWords } from './control-words.ts';
import { type PauseLength, pauseBody, pauseChoices } from './pause-until.ts';
import { type Said, useCommand, usePreview } from './use-command.ts';

interface CommandDialogProps {
  readonly campaign: Campaign;
  readonly command: CommandName;
  readonly onDone: (campaign: Campaign) => void;
  readonly onClose: () => void;
}

type Live = 'finish' | 'hang-up';

const liveChoices = [
  { value: 'finish', label: 'Let them finish', meaning: 'nobody is cut off' },
  { value: 'hang-up', label: 'Hang up now', meaning: 'people are cut off in mid-sentence' },
] as const;

/** Shows what follows from a command, asks for what it needs, and gives it. A cancellation is asked for twice. */
export function CommandDialog({ campaign, command, onDone, onClose }: CommandDialogProps) {
  const words = commandWords[command];
  const zone = useSession().timeZone;
  const [length, setLength] = useState<PauseLength>('resumed');
  const [live, setLive] = useState<Live>('finish');
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const [openedAt] = useState(() => new Date());

  const body: Said = {
    ...(command === 'pause' ? pauseBody(length, openedAt, campaign.timezone ?? zone) : {}),
    ...(live === 'hang-up' ? { hangUp: true } : {}),
  };
  const preview = usePreview(campaign.id, command, body);
  const { mutate, isPending, error } = useCommand(campaign.id, command, (answer) => {
    onDone(answer);
    onClose();
  });
  const isAskedTwice = command === 'cancel';
  const mustAskAgain = isAskedTwice && !asked;
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (mustAskAgain) setAsked(true);
    else mutate({ ...body, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) });
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
        {asked ? (
          <p>
            <b className="font-medium">A cancelled campaign cannot be resumed.</b> What was reported stays.
          </p>
        ) : (
          <>
            {command === 'pause' && <LengthField campaign={campaign} length={length} setLength={setLength} />}
            {(command === 'pause' || command === 'cancel') && (
              <ChoiceField label="Live calls" value={live} setValue={setLive} options={liveChoices} />
            )}
            <TextField
              label="Reason (optional)"
              note="Stands in the campaign’s history, with your name."
              maxLength={500}
              autoComplete="off"
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </>
        )}
        <Failure error={error} />
        <WebhookHint error={error ?? preview.error} />
        <DialogActions>
          <Button onClick={onClose} data-first={asked || undefined}>
            {isAskedTwice ? 'Keep it' : 'Not now'}
          </Button>
          <Button
            type="submit"
            kind={isAskedTwice ? 'danger' : 'primary'}
            disabled={isPending || preview.data?.allowed !== true}
          >
            {isPending ? words.doing : asked ? `Yes, cancel “${campaign.name}”` : words.action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface LengthFieldProps {
  readonly campaign: Campaign;
  readonly length: PauseLength;
  readonly setLength: (length: PauseLength) => void;
}

function LengthField({ campaign, length, setLength }: LengthFieldProps) {
  const { timeZone } = useSession();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <SelectField label="How long" value={length} onChange={(event) => setLength(event.target.value as PauseLength)}>
      {pauseChoices(campaign.timezone ?? timeZone, own).map(({ value, label, meaning }) => (
        <option key={value} value={value}>
          {meaning === '' ? label : `${label}, ${meaning}`}
        </option>
      ))}
    </SelectField>
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
