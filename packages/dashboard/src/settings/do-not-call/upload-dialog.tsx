import type { DoNotCallAnswer } from '@ringside/protocol';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { FileChooser } from '../../contacts/file-chooser.tsx';
import { RejectedReasons, RejectedRows } from '../../contacts/rejected.tsx';
import { sendFile } from '../../contacts/send-file.ts';
import { SendingFile } from '../../contacts/sending-file.tsx';
import { counted } from '../../format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';

interface UploadDialogProps {
  readonly onAdded: () => Promise<void>;
  readonly onClose: () => void;
}

/** Puts a file of numbers on the list. It is added as it comes: a number that is on the list harms nobody. */
export function UploadDialog({ onAdded, onClose }: UploadDialogProps) {
  const [share, setShare] = useState(0);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const { mutate, reset, isPending, data, error, variables } = useMutation({
    mutationFn: (file: File) => {
      running.current = new AbortController();
      setShare(0);
      return sendFile<DoNotCallAnswer>('/v1/do-not-call', file, {
        signal: running.current.signal,
        onProgress: setShare,
      });
    },
    onSuccess: onAdded,
  });
  function stop(): void {
    running.current?.abort();
    reset();
  }
  return (
    <Dialog title="Upload numbers that nobody may call" onClose={onClose} wide>
      {isPending && variables && <SendingFile verb="Adding" file={variables} share={share} stop={stop} />}
      {!isPending && !data && (
        <FileChooser
          note="CSV or NDJSON with a column of phone numbers with their country, such as +91 98765 43210."
          choose={mutate}
        />
      )}
      <Failure error={error} />
      {data && <Added answer={data} onClose={onClose} />}
    </Dialog>
  );
}

function Added({ answer, onClose }: { readonly answer: DoNotCallAnswer; readonly onClose: () => void }) {
  const { added, known, rejected, rows } = answer;
  return (
    <div className="space-y-4">
      <div role="status">
        <p className="text-16 font-medium">{counted(added, 'number')} added.</p>
        <p className="text-ink-2">
          {known > 0 && `${counted(known, 'number')} on the list before. `}
          {rejected > 0 && `${counted(rejected, 'row')} left out.`}
        </p>
        <RejectedReasons answer={answer} />
      </div>
      {rows.length > 0 && <RejectedRows rows={rows} total={rejected} />}
      <DialogActions>
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </div>
  );
}
