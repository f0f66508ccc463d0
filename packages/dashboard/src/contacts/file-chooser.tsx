import { FileUp } from 'lucide-react';
import { type DragEvent, useId, useState } from 'react';
import { classes } from '../ui/classes.ts';

interface FileChooserProps {
  /** What the file may hold. */
  readonly note: string;
  readonly choose: (file: File) => void;
}

/** A place to drop a file, and a button to choose one. */
export function FileChooser({ note, choose }: FileChooserProps) {
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
