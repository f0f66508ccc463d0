import type { CommandPreview } from '@ringside/protocol';
import { counted, inReadersTime } from '../format.ts';
import { Failure } from '../ui/failure.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { useServerTime } from '../ui/use-now.ts';

interface ConsequencesProps {
  /** `undefined` while it is being worked out. */
  readonly preview: CommandPreview | undefined;
  readonly error: Error | null;
}

/** What would follow from a command, in the server’s words and the reader’s time. */
export function Consequences({ preview, error }: ConsequencesProps) {
  const now = useServerTime();
  if (!preview) {
    return error ? (
      <Failure error={error} />
    ) : (
      <div role="status" aria-label="Working out what follows">
        <Skeleton className="h-11" />
      </div>
    );
  }
  const { allowed, missesWindow } = preview;
  const message = inReadersTime(preview.message, now);
  if (!allowed) {
    return <p className="rounded-md border border-waiting-fill bg-waiting-wash px-3 py-2">{message}</p>;
  }
  return (
    <div aria-live="polite" className="space-y-1">
      <p>{message}</p>
      {missesWindow !== null && missesWindow > 0 && (
        <p className="text-waiting">
          {counted(missesWindow, 'contact')} would probably not be called before the deadline.
        </p>
      )}
    </div>
  );
}
