import type { ApiKey } from '@ringside/protocol';
import { formatAgo, formatMinute } from '../../format.ts';
import { readInstant } from '../../readers.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Hint } from '../../ui/hint.tsx';
import { Fact } from '../section.tsx';
import { endOf, permissionWords } from './key-words.ts';

interface KeyRowProps {
  readonly apiKey: ApiKey;
  readonly now: number;
  readonly rotate: () => void;
  readonly revoke: () => void;
}

/** A key: what it may do, whether anybody uses it, and when it ends. */
export function KeyRow({ apiKey: key, now, rotate, revoke }: KeyRowProps) {
  const end = endOf(key, now);
  return (
    <li
      className={classes(
        'grid items-center gap-x-4 gap-y-2 px-4 py-3 md:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_auto]',
        end && 'text-ink-2',
      )}
    >
      <div className="min-w-0">
        <p className="truncate font-medium" title={key.name}>
          {key.name}
        </p>
        <p className="text-12 text-ink-2">
          <code className="font-mono">{key.prefix.replace(/…?$/, '…')}</code> · <Scopes apiKey={key} />
        </p>
      </div>
      <dl className="grid grid-cols-[repeat(3,minmax(0,1fr))] gap-x-4">
        <Fact name="Last used">{key.lastUsedAt === null ? 'never' : formatAgo(now - readInstant(key.lastUsedAt))}</Fact>
        <Fact name="Made">{formatMinute(key.createdAt, now)}</Fact>
        <Fact name={end === 'revoked' ? 'Revoked' : end === 'expired' ? 'Expired' : 'Expires'}>
          {expiryOf(key, now)}
        </Fact>
      </dl>
      <div className="flex min-w-38 gap-1 md:justify-start">
        {end === null && (
          <>
            <Button small kind="quiet" onClick={rotate} className="max-md:-ml-2.5">
              Rotate<span className="sr-only"> {key.name}</span>
            </Button>
            <Button small kind="grave" onClick={revoke}>
              Revoke<span className="sr-only"> {key.name}</span>
            </Button>
          </>
        )}
      </div>
    </li>
  );
}

/** The role, and where scopes narrow it, what is left. */
function Scopes({ apiKey: { role, scopes } }: Pick<KeyRowProps, 'apiKey'>) {
  if (scopes === null) return role;
  return (
    <Hint text={`May only: ${scopes.map((scope) => permissionWords[scope]).join('; ')}.`}>
      {role}, narrowed to {scopes.join(', ')}
    </Hint>
  );
}

function expiryOf({ revokedAt, expiresAt }: ApiKey, now: number): string {
  const at = revokedAt ?? expiresAt;
  return at === null ? 'never' : formatMinute(at, now);
}
