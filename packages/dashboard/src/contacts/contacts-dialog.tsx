import type { Campaign } from '@ringside/protocol';
import { Dialog } from '../ui/dialog.tsx';
import { ContactsUpload } from './contacts-upload.tsx';

interface ContactsDialogProps {
  readonly campaign: Campaign;
  readonly onClose: () => void;
}

/** More contacts for a campaign. */
export function ContactsDialog({ campaign, onClose }: ContactsDialogProps) {
  return (
    <Dialog title={`Add contacts to “${campaign.name}”`} onClose={onClose} wide>
      <ContactsUpload campaignId={campaign.id} />
    </Dialog>
  );
}
