import type { UploadAnswer } from '@ringside/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { UploadBox } from './upload-box.tsx';

interface ContactsUploadProps {
  readonly campaignId: string;
  readonly onAdded?: (answer: UploadAnswer) => void;
}

/** Puts a file of contacts on a campaign’s list. */
export function ContactsUpload({ campaignId, onAdded }: ContactsUploadProps) {
  const queries = useQueryClient();
  return (
    <UploadBox
      path={`/v1/campaigns/${encodeURIComponent(campaignId)}/contacts`}
      note="CSV, NDJSON or JSON with a column of phone numbers, up to a million rows. Other columns go with each call. Nothing is stored before you have seen what becomes of it."
      onAdded={(answer) => {
        void queries.invalidateQueries({ queryKey: ['campaign', campaignId] });
        onAdded?.(answer);
      }}
    />
  );
}
