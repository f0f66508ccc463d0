import type { Campaign } from '@ringside/protocol';
import { type SubmitEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Consequences } from '../control/consequences.tsx';
import { commandWords } from '../control/control-words.ts';
import { useCommand, usePreview } from '../control/use-command.ts';
import { readZone } from '../readers.ts';
import { useSession } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { DialogActions } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { instantOf } from '../zoned-time.ts';
import { PlanFacts } from './plan-facts.tsx';
import { stepPath } from './steps.tsx';

const moments = [
  { value: 'now', label: 'Start now', meaning: 'dialing begins as soon as its hours allow' },
  { value: 'later', label: 'Start later', meaning: 'by itself, at a time of yours' },
] as const;

/** The third step: what was declared, what follows from a start, and the start itself. */
export function ReviewStep({ campaign }: { readonly campaign: Campaign }) {
  const [, navigate] = useLocation();
  const session = useSession();
  const zone = readZone(campaign.timezone ?? session.timeZone);
  const [when, setWhen] = useState<'now' | 'later'>('now');
  const [local, setLocal] = useState('');
  const body = when === 'later' && local !== '' ? { at: instantOf(local, zone) ?? local } : {};
  const preview = usePreview(campaign.id, 'start', body);
  const { mutate, isPending, error } = useCommand(campaign.id, 'start', () =>
    navigate(`/campaigns/${encodeURIComponent(campaign.id)}`),
  );
  const isEmpty = (campaign.totalCalls ?? 0) === 0;
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate(body);
  }
  return (
    <form onSubmit={onSubmit} className="space-y-5">
      <div className="rounded-panel border border-line bg-surface px-4 py-1">
        <PlanFacts campaign={campaign} />
      </div>
      {isEmpty ? (
        <p className="rounded-md border border-waiting-fill bg-waiting-wash px-3 py-2">
          Nobody is on the list yet.{' '}
          <Link href={stepPath(campaign.id, 2)} className="underline underline-offset-2">
            Add contacts
          </Link>
        </p>
      ) : (
        <>
          <ChoiceField label="When" value={when} setValue={setWhen} options={moments} />
          {when === 'later' && (
            <TextField
              label="Start at"
              note={`By the clock of ${zone.replaceAll('_', ' ')}.`}
              type="datetime-local"
              required
              value={local}
              onChange={({ target }) => setLocal(target.value)}
              className="max-w-64"
            />
          )}
          <Consequences preview={preview.data} error={preview.error} />
        </>
      )}
      <Failure error={error} />
      <DialogActions>
        <Button onClick={() => navigate(stepPath(campaign.id, 2))}>Back</Button>
        <Button kind="primary" type="submit" disabled={isPending || isEmpty || preview.data?.allowed !== true}>
          {isPending ? commandWords.start.doing : when === 'later' ? 'Schedule the start' : 'Start dialing'}
        </Button>
      </DialogActions>
    </form>
  );
}
