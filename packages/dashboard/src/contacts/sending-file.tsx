import { Button } from '../ui/button.tsx';

interface SendingFileProps {
  readonly verb: string;
  readonly file: File;
  /** 0 to 1. */
  readonly share: number;
  readonly stop: () => void;
}

/** How much of a file was sent. */
export function SendingFile({ verb, file, share, stop }: SendingFileProps) {
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
