import type { Campaign, Pace, ProviderAccount } from '@ringside/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../client-context.ts';
import { PaceFields } from '../plan/pace-fields.tsx';
import { type PaceText, paceOf, paceText } from '../plan/pace-text.ts';
import { useMay } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { accountLimitNote } from './account-limit.ts';

interface PaceDialogProps {
  readonly campaign: Campaign;
  readonly onClose: () => void;
}

/** How fast a campaign dials, changed while it does. */
export function PaceDialog({ campaign, onClose }: PaceDialogProps) {
  const client = useClient();
  const queries = useQueryClient();
  const [pace, setPace] = useState<PaceText>(() => paceText(campaign.pace));
  const { mutate, isPending, error } = useMutation({
    mutationFn: (body: { pace: Pace }) =>
      client.request(`/v1/campaigns/${encodeURIComponent(campaign.id)}`, { method: 'PATCH', body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['campaign', campaign.id] });
      onClose();
    },
  });
  const isDialedHere = campaign.dialer === 'built-in';
  const limit = useAccountLimit(isDialedHere ? (campaign.dial?.account ?? '') : null);
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate({ pace: paceOf(pace) });
  }
  return (
    <Dialog title={`Pace of “${campaign.name}”`} onClose={onClose}>
      <form onSubmit={onSubmit} className="space-y-4">
        <p className="text-ink-2">
          {isDialedHere
            ? 'The dialer follows within a second. Live calls are not touched.'
            : 'Your dialer keeps its own pace: this is what Ringside measures it by.'}
        </p>
        <PaceFields pace={pace} setPace={setPace} />
        {limit !== '' && <p className="text-12 text-ink-2">{limit}</p>}
        <Failure error={error} />
        <DialogActions>
          <Button onClick={onClose}>Keep the pace</Button>
          <Button kind="primary" type="submit" disabled={isPending}>
            {isPending ? 'Changing…' : 'Change the pace'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What the account allows, for who may see accounts. @param account its id, empty for the workspace’s first */
function useAccountLimit(account: string | null): string {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['provider-accounts'],
    queryFn: () => client.request<{ items: ProviderAccount[] }>('/v1/provider-accounts'),
    enabled: useMay('administer') && account !== null,
  });
  const used = data?.items.find(({ id }) => account === '' || id === account);
  return used ? accountLimitNote(used) : '';
}
