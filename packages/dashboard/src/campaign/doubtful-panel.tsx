import type { DoubtfulAttempt } from '@ringside/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { useClient } from '../client-context.ts';
import { counted, formatClock, formatMinute } from '../format.ts';
import { useMay } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { lazilyDialog } from '../ui/lazily.tsx';
import { Panel } from '../ui/panel.tsx';
import { DOUBTFUL } from './needs-you.tsx';
import type { Verdict } from './verdict-dialog.tsx';

const VerdictDialog = lazilyDialog(() => import('./verdict-dialog.tsx').then((module) => module.VerdictDialog));

const EVERY_MS = 15_000;

/** Calls that were asked for and of which nobody knows whether they were placed. Nothing while there are none. */
export function DoubtfulPanel({ campaignId }: { readonly campaignId: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const [judged, setJudged] = useState<Verdict | null>(null);
  const { data } = useQuery({
    queryKey: ['doubtful', campaignId],
    queryFn: () =>
      client.request<{ items: DoubtfulAttempt[] }>(
        `/v1/attempts/doubtful?campaignId=${encodeURIComponent(campaignId)}`,
      ),
    refetchInterval: EVERY_MS,
  });
  const attempts = data?.items ?? [];
  if (attempts.length === 0) return null;
  return (
    <div id={DOUBTFUL} className="scroll-mt-4">
      <Panel title={`${counted(attempts.length, 'attempt')} in doubt`}>
        <p className="px-4 pb-3 text-ink-2">
          The provider’s answer was lost, so the call may have been placed or not. Ringside looks for proof by itself,
          and does not call these people again until it is known.
        </p>
        <ul className="divide-y divide-line border-t border-line">
          {attempts.map((attempt) => (
            <Attempt key={attempt.attemptId} attempt={attempt} judge={(placed) => setJudged({ attempt, placed })} />
          ))}
        </ul>
      </Panel>
      {judged && (
        <Suspense>
          <VerdictDialog
            verdict={judged}
            onDone={async () => {
              await queries.invalidateQueries({ queryKey: ['doubtful', campaignId] });
              setJudged(null);
            }}
            onClose={() => setJudged(null)}
          />
        </Suspense>
      )}
    </div>
  );
}

interface AttemptProps {
  readonly attempt: DoubtfulAttempt;
  readonly judge: (placed: boolean) => void;
}

function Attempt({ attempt, judge }: AttemptProps) {
  const { number, callerId, attempt: nth, sentAt, needsPerson, evidence } = attempt;
  const mayOperate = useMay('operate');
  return (
    <li className="grid gap-x-6 gap-y-2 px-4 py-3 lg:grid-cols-[14rem_minmax(0,1fr)_auto]">
      <div>
        <p className="font-medium tabular-nums">{number ?? 'a number that was erased'}</p>
        <p className="text-12 text-ink-2">
          attempt {nth}, from {callerId}
          {sentAt !== null && `, ${formatMinute(sentAt, new Date())}`}
        </p>
      </div>
      <ul className="min-w-0 space-y-0.5 text-12 text-ink-2">
        {!needsPerson && <li className="text-ink">Ringside still looks for proof.</li>}
        {evidence.map(({ at, what }) => (
          <li key={`${at}${what}`} className="flex gap-3">
            <time dateTime={at} className="shrink-0 tabular-nums">
              {formatClock(at)}
            </time>
            <span className="min-w-0 break-words">{what}</span>
          </li>
        ))}
      </ul>
      {mayOperate && (
        <div className="flex flex-wrap gap-2 lg:justify-end">
          <Button small onClick={() => judge(true)}>
            It was placed
          </Button>
          <Button small onClick={() => judge(false)}>
            It was not
          </Button>
        </div>
      )}
    </li>
  );
}
