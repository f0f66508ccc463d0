import type { Workspace } from '@ringside/protocol';
import { Link } from 'wouter';
import { formatCount, formatMinute } from '../../format.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Fact } from '../section.tsx';

/** The one whose admins look after the others. */
const DEFAULT = 'default';

interface WorkspaceRowProps {
  readonly workspace: Workspace;
  readonly act: (what: 'change' | 'close' | 'reopen') => void;
}

export function WorkspaceRow({ workspace, act }: WorkspaceRowProps) {
  const { id, name, timeZone, limits, createdAt, closedAt } = workspace;
  const of = <span className="sr-only"> {name}</span>;
  return (
    <li
      className={classes(
        'grid items-center gap-x-4 gap-y-2 px-4 py-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_auto]',
        closedAt !== null && 'text-ink-2',
      )}
    >
      <div className="min-w-0">
        <p className="truncate font-medium" title={name}>
          {name}
          {closedAt !== null && <span className="ml-2 text-12 font-normal text-alarm">closed</span>}
        </p>
        <p className="truncate text-12 text-ink-2">
          <code className="font-mono">{id}</code> · {timeZone}
        </p>
      </div>
      <dl className="grid grid-cols-3 gap-x-4">
        <Fact name="Requests / s">{limitOf(limits.requestsPerSecond)}</Fact>
        <Fact name="Events / s">{limitOf(limits.eventsPerSecond)}</Fact>
        <Fact name={closedAt === null ? 'Made' : 'Closed'}>{formatMinute(closedAt ?? createdAt, new Date())}</Fact>
      </dl>
      <div className="flex min-w-50 flex-wrap gap-1 max-lg:-ml-2.5 lg:justify-start">
        <Link
          href={`/settings/keys?workspace=${encodeURIComponent(id)}`}
          className="inline-flex h-8 items-center rounded-md px-2.5 text-ink-2 hover:bg-raised hover:text-ink max-sm:h-9"
        >
          Keys{of}
        </Link>
        <Button small kind="quiet" onClick={() => act('change')}>
          Change{of}
        </Button>
        {closedAt !== null ? (
          <Button small kind="quiet" onClick={() => act('reopen')}>
            Open{of}
          </Button>
        ) : (
          id !== DEFAULT && (
            <Button small kind="grave" onClick={() => act('close')}>
              Close{of}
            </Button>
          )
        )}
      </div>
    </li>
  );
}

function limitOf(limit: number | null): string {
  return limit === null ? 'no limit' : formatCount(limit);
}
