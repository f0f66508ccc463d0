import { UploadBox } from '../../contacts/upload-box.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface UploadDialogProps {
  readonly onAdded: () => Promise<void>;
  readonly onClose: () => void;
}

/** Puts a file of numbers on the list. */
export function UploadDialog({ onAdded, onClose }: UploadDialogProps) {
  return (
    <Dialog title="Upload numbers that nobody may call" onClose={onClose} wide>
      <UploadBox
        path="/v1/do-not-call"
        thing="number"
        note="CSV, NDJSON or JSON with a column of phone numbers with their country, such as +91 98765 43210."
        onAdded={() => void onAdded()}
      />
    </Dialog>
  );
}
