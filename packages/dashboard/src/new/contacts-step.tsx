import type { Campaign } from '@ringside/protocol';
import { useLocation } from 'wouter';
import { ContactsUpload } from '../contacts/contacts-upload.tsx';
import { counted } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { DialogActions } from '../ui/dialog.tsx';
import { stepPath } from './steps.tsx';

/** The second step: whom it calls. */
export function ContactsStep({ campaign: { id, totalCalls } }: { readonly campaign: Campaign }) {
  const [, navigate] = useLocation();
  const count = totalCalls ?? 0;
  return (
    <>
      <p className="mb-4 text-ink-2">
        <code className="font-mono text-12 text-ink">{id}</code> is a draft.{' '}
        {count === 0 ? 'Nobody is on its list yet.' : `${counted(count, 'contact')} on its list.`} Nothing is dialed
        before you start it.
      </p>
      <div className="rounded-panel border border-line bg-surface p-4">
        <ContactsUpload campaignId={id} />
      </div>
      <DialogActions>
        <Button onClick={() => navigate(stepPath(id, 1))}>Back</Button>
        <Button kind={count === 0 ? 'plain' : 'primary'} onClick={() => navigate(stepPath(id, 3))}>
          {count === 0 ? 'Later' : 'Review'}
        </Button>
      </DialogActions>
    </>
  );
}
