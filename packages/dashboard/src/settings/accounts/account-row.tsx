import type { ProviderAccount } from '@ringside/protocol';
import { limitLine } from '../../control/account-limit.ts';
import { formatMinute } from '../../format.ts';
import { Button } from '../../ui/button.tsx';

interface AccountRowProps {
  readonly account: ProviderAccount;
  readonly act: (what: 'token' | 'drop' | 'limits' | 'remove') => void;
}

/** An account and its tokens, newest first. */
export function AccountRow({ account, act }: AccountRowProps) {
  const { name, authId, tokens, limits, configured } = account;
  return (
    <li className="grid gap-x-4 gap-y-2 px-4 py-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_22rem]">
      <div className="min-w-0">
        <p className="truncate font-medium" title={name}>
          {name}
        </p>
        <p className="truncate text-12 text-ink-2">
          Plivo · <code className="font-mono">{authId || 'any account'}</code>
          {limits !== null && ` · ${limitLine(limits)}`}
        </p>
      </div>
      <ul className="text-12 text-ink-2" aria-label="Tokens">
        {tokens.map(({ hint, addedAt }, index) => (
          <li key={`${hint}${addedAt}`}>
            <code className="font-mono text-ink">{hint}</code> {index === 0 ? 'in use' : 'still accepted'}
            {!configured && `, since ${formatMinute(addedAt, new Date())}`}
          </li>
        ))}
      </ul>
      {configured ? (
        <p className="text-12 text-ink-2 lg:text-right">
          Set by <code className="font-mono text-ink">PLIVO_AUTH_ID</code> and{' '}
          <code className="font-mono text-ink">PLIVO_AUTH_TOKEN</code>: change them there, and restart.
        </p>
      ) : (
        <div className="flex flex-wrap gap-1 max-lg:-ml-2.5 lg:justify-end">
          <Button small kind="quiet" onClick={() => act('token')}>
            Add a token<span className="sr-only"> to {name}</span>
          </Button>
          <Button small kind="quiet" onClick={() => act('limits')}>
            Limits<span className="sr-only"> of {name}</span>
          </Button>
          {tokens.length > 1 && (
            <Button small kind="quiet" onClick={() => act('drop')}>
              Drop old tokens<span className="sr-only"> of {name}</span>
            </Button>
          )}
          <Button small kind="grave" onClick={() => act('remove')}>
            Remove<span className="sr-only"> {name}</span>
          </Button>
        </div>
      )}
    </li>
  );
}
