import type { UploadAnswer } from '@ringside/protocol';
import { FileUp } from 'lucide-react';
import { type DragEvent, useId, useState } from 'react';
import { counted, formatCount } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { DialogActions } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { UploadPreview } from './upload-preview.tsx';
import { useUpload } from './use-upload.ts';

interface UploadBoxProps {
  /** Where the rows go. */
  readonly path: string;
  /** What a row becomes, such as `contact`. */
  readonly thing: string;
  readonly onAdded: (answer: UploadAnswer) => void;
  /** What is said of the columns of a file. */
  readonly note: string;
}

/** A file is chosen, looked at, and added once somebody saw what would become of it. */
export function UploadBox({ path, thing, onAdded, note }: UploadBoxProps) {
  const { upload, look, add, stop } = useUpload(path, onAdded);
  switch (upload.step) {
    case 'none':
      return <Chooser note={note} choose={(file) => void look(file)} />;
    case 'reading':
    case 'adding':
      return <Sending verb={upload.step === 'reading' ? 'Looking at' : 'Adding'} {...upload} stop={stop} />;
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
            <b className="font-medium text-reached">{counted(upload.answer.accepted, thing)} added.</b>{' '}
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
          thing={thing}
          remap={(map) => void look(upload.file, map)}
          add={() => void add(upload.file, upload.map)}
          stop={stop}
        />
      );
  }
}

interface ChooserProps {
  readonly note: string;
  readonly choose: (file: File) => void;
}

function Chooser({ note, choose }: ChooserProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  function onDrop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) choose(file);
  }
  return (
    <label
      htmlFor={id}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={classes(
        'flex cursor-pointer flex-col items-center gap-1 rounded-panel border border-dashed px-4 py-8 text-center has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
        over ? 'border-progress bg-raised' : 'border-line-strong hover:bg-raised',
      )}
    >
      <FileUp aria-hidden="true" className="mb-1 size-5 text-ink-3" />
      <span>
        <span className="font-medium">Choose a file</span>
        <span className="text-ink-2 pointer-coarse:hidden"> or drop it here</span>
      </span>
      <span className="max-w-110 text-12 text-ink-2">{note}</span>
      <input
        id={id}
        type="file"
        accept=".csv,.tsv,.txt,.ndjson,.jsonl,.json,text/csv,application/json"
        onChange={({ target }) => target.files?.[0] && choose(target.files[0])}
        className="sr-only"
      />
    </label>
  );
}

interface SendingProps {
  readonly verb: string;
  readonly file: File;
  readonly share: number;
  readonly stop: () => void;
}

function Sending({ verb, file, share, stop }: SendingProps) {
  const percent = Math.floor(share * 100);
  return (
    <div role="status" className="space-y-2">
      <div className="flex items-baseline justify-between gap-4">
        <p className="min-w-0 truncate">
          {verb} <b className="font-medium">{file.name}</b>
        </p>
        <span className="text-ink-2 tabular-nums">{percent} %</span>
      </div>
      <progress
        aria-label={`${verb} ${file.name}`}
        max={1}
        value={share}
        className="block h-2 w-full appearance-none overflow-hidden rounded-full bg-rest-fill [&::-moz-progress-bar]:bg-progress-fill [&::-webkit-progress-bar]:bg-rest-fill [&::-webkit-progress-value]:bg-progress-fill [&::-webkit-progress-value]:transition-[width]"
      />
      <div className="flex items-center justify-between gap-4 text-12 text-ink-2">
        <p>{share < 1 ? 'Sending the file.' : 'All is sent; its last rows are being read.'}</p>
        <Button small kind="quiet" onClick={stop}>
          Stop
        </Button>
      </div>
    </div>
  );
}
