import { FlaskConical } from 'lucide-react';
import { formatMinute } from '../format.ts';
import { useMay } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Card, Steps } from './card.tsx';
import { useSimulation } from './use-simulation.ts';

/** For people who only want to see it: a campaign that nobody dials. */
export function SimulationCard() {
  const { status, open, stop } = useSimulation();
  const isHost = useMay('host');
  const running = status?.running ?? null;
  if (status && !status.available) return null;
  const mayStop = running !== null && (running.own || isHost);
  return (
    <Card
      icon={FlaskConical}
      title="See a simulation"
      summary="Watch a live campaign before you connect anything. Nobody is called."
      foot={
        <>
          <Button kind="primary" disabled={!status || open.isPending} onClick={() => open.mutate()}>
            {open.isPending ? 'Starting…' : running ? 'Open simulation' : 'Run simulation'}
          </Button>
          {mayStop && (
            <Button kind="quiet" disabled={stop.isPending} onClick={() => stop.mutate()}>
              {stop.isPending ? 'Stopping…' : 'Stop'}
            </Button>
          )}
          {running && (
            <p role="status" className="text-ink-2">
              running, ends by {formatMinute(running.endsAt, new Date())}
            </p>
          )}
        </>
      }
    >
      <Steps
        steps={[
          ['A campaign in full swing', 'Calls, answers, leads and a finishing time, live.'],
          ['Over in about 5 minutes', 'It ends by itself, or when you stop it.'],
          ['Kept apart', 'Marked as simulated, in a workspace of its own, without your Plivo account.'],
        ]}
      />
      <Failure error={open.error ?? stop.error} />
    </Card>
  );
}
