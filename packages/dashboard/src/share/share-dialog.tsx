import type { ShareLink, ShareLinkMade } from '@ringside/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useClient } from '../client-context.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { LinkList } from './link-list.tsx';

const DAY = 86_400;
const lives = [
  { days: 1, label: '1 day' },
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
] as const;

interface ShareDialogProps {
  readonly campaignId: string | null;
  readonly name: string;
  readonly onClose: () => void;
}

/** Makes a link, shows it once, and lists those that there are. */
export function ShareDialog({ campaignId, name, onClose }: ShareDialogProps) {
  const client = useClient();
  const queries = useQueryClient();
  const [made, setMade] = useState<ShareLinkMade | null>(null);
  const links = useQuery({
    queryKey: ['share-links'],
    queryFn: () => client.request<{ items: ShareLink[] }>('/v1/share-links'),
  });
  const refresh = () => queries.invalidateQueries({ queryKey: ['share-links'] });
  function onMade(link: ShareLinkMade): void {
    setMade(link);
    void refresh();
  }
  if (made) return <MadeLink made={made} onClose={onClose} />;
  return (
    <Dialog title={`Share ${campaignId === null ? 'the overview' : `“${name}”`}`} onClose={onClose}>
      <p className="text-ink-2">
        Whoever has the link sees {campaignId === null ? 'every campaign’s row' : 'this campaign'} live, without signing
        in. They can change nothing, and phone numbers are masked.
      </p>
      <LinkForm campaignId={campaignId} onMade={onMade} />
      <Failure error={links.error} />
      <LinkList
        links={links.data?.items.filter((link) => link.campaignId === campaignId) ?? null}
        end={(id) => client.request(`/v1/share-links/${encodeURIComponent(id)}`, { method: 'DELETE' }).then(refresh)}
      />
    </Dialog>
  );
}

interface LinkFormProps {
  readonly campaignId: string | null;
  readonly onMade: (link: ShareLinkMade) => void;
}

function LinkForm({ campaignId, onMade }: LinkFormProps) {
  const client = useClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState('7');
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      client.request<ShareLinkMade>('/v1/share-links', {
        method: 'POST',
        body: {
          expiresInSeconds: Number(days) * DAY,
          ...(campaignId === null ? {} : { campaignId }),
          ...(name.trim() === '' ? {} : { name: name.trim() }),
        },
      }),
    onSuccess: onMade,
  });
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    mutate();
  }
  return (
    <form onSubmit={onSubmit} className="mt-4">
      <div className="flex items-end gap-2 max-sm:flex-col max-sm:items-stretch">
        <TextField
          className="flex-1"
          label="Who it is for"
          placeholder="Such as: Asha, Acme"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField label="Ends after" value={days} onChange={(event) => setDays(event.target.value)}>
          {lives.map(({ days: each, label }) => (
            <option key={each} value={each}>
              {label}
            </option>
          ))}
        </SelectField>
        <Button kind="primary" type="submit" disabled={isPending}>
          Make a link
        </Button>
      </div>
      <Failure error={error} />
    </form>
  );
}

function MadeLink({ made, onClose }: { readonly made: ShareLinkMade; readonly onClose: () => void }) {
  return (
    <Dialog title="The link is ready" onClose={onClose} held>
      <p className="mb-4 text-ink-2">Send it whole: without the part behind the # it opens nothing.</p>
      <ShownOnce label="Link" value={new URL(made.url, location.origin).href} />
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
      </DialogActions>
    </Dialog>
  );
}
