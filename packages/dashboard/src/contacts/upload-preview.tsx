import type { UploadAnswer } from '@ringside/protocol';
import { counted } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { DialogActions } from '../ui/dialog.tsx';
import { type ColumnMap, columnsOf, columnUses, remapped } from './columns.ts';
import { RejectedReasons, RejectedRows } from './rejected.tsx';
import { previewLine } from './row-words.ts';

interface UploadPreviewProps {
  readonly file: File;
  readonly answer: UploadAnswer;
  readonly remap: (map: ColumnMap) => void;
  readonly add: () => void;
  readonly stop: () => void;
}

/** What would become of a file: how many rows are skipped, why, and how its columns are read. Nothing is stored yet. */
export function UploadPreview({ file, answer, remap, add, stop }: UploadPreviewProps) {
  return (
    <div className="space-y-4">
      <div role="status">
        <p className="truncate text-12 text-ink-2" title={file.name}>
          {file.name}
        </p>
        <p className="text-16 font-medium tabular-nums">{previewLine(answer)}</p>
        <RejectedReasons answer={answer} />
      </div>
      <Columns map={columnsOf(answer)} remap={remap} />
      {answer.rows.length > 0 && <RejectedRows rows={answer.rows} total={answer.rejected} />}
      <DialogActions>
        <Button onClick={stop}>Choose another file</Button>
        <Button kind="primary" disabled={answer.accepted === 0} onClick={add}>
          {answer.accepted === 0 ? 'Nothing to add' : `Add ${counted(answer.accepted, 'contact')}`}
        </Button>
      </DialogActions>
    </div>
  );
}

interface ColumnsProps {
  readonly map: ColumnMap;
  readonly remap: (map: ColumnMap) => void;
}

function Columns({ map, remap }: ColumnsProps) {
  const columns = Object.entries(map);
  if (columns.length === 0) return null;
  return (
    <fieldset>
      <legend className="mb-1.5 text-ink-2">Columns, and what they are read as</legend>
      <ul className="grid max-h-64 gap-x-6 overflow-y-auto rounded-md border border-line sm:grid-cols-2">
        {columns.map(([column, use]) => (
          <li
            key={column}
            className="flex items-center gap-3 border-b border-line py-1 pr-1 pl-3 last:border-b-0 sm:odd:nth-last-2:border-b-0"
          >
            <label className="flex min-w-0 flex-1 items-center gap-3">
              <span className="min-w-0 flex-1 truncate font-medium" title={column}>
                {column}
              </span>
              <select
                value={use}
                onChange={({ target }) => remap(remapped(map, column, target.value as typeof use))}
                className="h-8 rounded-md border border-transparent bg-transparent pr-1 text-right text-ink-2 hover:border-line-strong hover:text-ink max-sm:h-10"
              >
                {columnUses.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
