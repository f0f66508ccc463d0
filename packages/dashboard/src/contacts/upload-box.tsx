import type { UploadAnswer } from '@ringside/protocol';
import { counted, formatCount } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { DialogActions } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { FileChooser } from './file-chooser.tsx';
import { SendingFile } from './sending-file.tsx';
import { UploadPreview } from './upload-preview.tsx';
import { useUpload } from './use-upload.ts';

interface UploadBoxProps {
  /** Where the rows go. */
  readonly path: string;
  readonly onAdded: (answer: UploadAnswer) => void;
  /** What is said of the columns of a file. */
  readonly note: string;
}

/** A file is chosen, looked at, and added once somebody saw what would become of it. */
export function UploadBox({ path, onAdded, note }: UploadBoxProps) {
  const { upload, look, add, stop } = useUpload(path, onAdded);
  switch (upload.step) {
    case 'none':
      return <FileChooser note={note} choose={(file) => void look(file)} />;
    case 'reading':
    case 'adding':
      return <SendingFile verb={upload.step === 'reading' ? 'Looking at' : 'Adding'} {...upload} stop={stop} />;
    case 'failed':
      return (
        <div>
          <Failure error={upload.error} />
          <DialogActions>
            <Button onClick={stop}>Choose another file</Button>
            <Button kind="primary" onClick={() => void look(upload.file)}>
              Try again
            </Button>
          </DialogActions>
        </div>
      );
    case 'added':
      return (
        <div role="status" className="flex flex-wrap items-center justify-between gap-3">
          <p>
            <b className="font-medium text-reached">{counted(upload.answer.accepted, 'contact')} added.</b>{' '}
            {upload.answer.totalCalls > 0 && (
              <span className="text-ink-2">{formatCount(upload.answer.totalCalls)} on the list now.</span>
            )}
          </p>
          <Button small onClick={stop}>
            Add another file
          </Button>
        </div>
      );
    case 'read':
      return (
        <UploadPreview
          {...upload}
          remap={(map) => void look(upload.file, map)}
          add={() => void add(upload.file, upload.map)}
          stop={stop}
        />
      );
  }
}
