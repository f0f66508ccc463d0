import { Webhook } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '../session/session-context.ts';
import { useIntake } from '../shell/use-intake.ts';
import { classes } from '../ui/classes.ts';
import { Card } from './card.tsx';
import { EventCommand } from './event-command.tsx';
import { IntakeState } from './intake-state.tsx';
import { PlivoUrls } from './plivo-urls.tsx';

const ways = { plivo: 'Plivo', other: 'Another dialer' } as const;
type Way = keyof typeof ways;

/** For a system that dials already: where its calls are reported to. */
export function ConnectCard() {
  const { intake } = useIntake();
  const { workspace } = useSession();
  const [way, setWay] = useState<Way>('plivo');
  return (
    <Card
      icon={Webhook}
      title="Connect your dialer"
      summary="Your system keeps dialing. Ringside listens to its calls and reports them live."
      foot={<IntakeState intake={intake} />}
    >
      <fieldset className="mb-3 inline-flex gap-1 rounded-panel border border-line p-0.5">
        <legend className="sr-only">Who places the calls</legend>
        {(Object.keys(ways) as Way[]).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === way}
            onClick={() => setWay(name)}
            className={classes(
              'h-7.5 rounded-md px-2.5 text-ink-2 hover:text-ink max-sm:h-9',
              name === way && 'bg-raised font-medium text-ink',
            )}
          >
            {ways[name]}
          </button>
        ))}
      </fieldset>
      {way === 'plivo' ? (
        <PlivoUrls base={intake?.publicUrls[0] ?? location.origin} workspace={workspace} />
      ) : (
        <EventCommand />
      )}
    </Card>
  );
}
