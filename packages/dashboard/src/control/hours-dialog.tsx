import type { CallingWindows, Campaign } from '@ringside/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../client-context.ts';
import { HoursFields } from '../plan/hours-fields.tsx';
import { hoursProblem, hoursText, windowsOf } from '../plan/hours-text.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';

interface HoursDialogProps {
  readonly campaign: Campaign;
  readonly onClose: () => void;
}

/** When a campaign may call, changed while it runs. */
export function HoursDialog({ campaign, onClose }: HoursDialogProps) {
  const client = useClient();
  const queries = useQueryClient();
  const [hours, setHours] = useState(() => hoursText(campaign.windows));
  const { mutate, isPending, error } = useMutation({
    mutationFn: (body: { windows: CallingWindows }) =>
      client.request(`/v1/campaigns/${encodeURIComponent(campaign.id)}`, { method: 'PATCH', body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['campaign', campaign.id] });
      onClose();
    },
  });
  const problem = hoursProblem(hours);
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate({ windows: windowsOf(hours) });
  }
  return (
    <Dialog title={`Calling hours of “${campaign.name}”`} onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <HoursFields hours={hours} setHours={setHours} />
        {problem && <p className="text-alarm">{problem}</p>}
        <Failure error={error} />
        <DialogActions>
          <Button onClick={onClose}>Keep the hours</Button>
          <Button kind="primary" type="submit" disabled={isPending || problem !== null}>
            {isPending ? 'Changing…' : 'Change the hours'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
