import type { Campaign } from '@ringside/protocol';
import type { ReactNode } from 'react';
import { counted, formatMinute } from '../format.ts';
import { hoursLine } from '../plan/hours-text.ts';
import { paceLine } from '../plan/pace-text.ts';
import { retryLine } from '../plan/retry-text.ts';

const machines = { off: 'not looked for', detect: 'detected', hangup: 'hung up on' } as const;

/** What was declared, to be read once more. */
export function PlanFacts({ campaign }: { readonly campaign: Campaign }) {
  const { dial, deadline, timezone, totalCalls } = campaign;
  return (
    <dl className="divide-y divide-line">
      <Row name="Contacts">
        <b className="font-medium">{counted(totalCalls ?? 0, 'contact')}</b>
      </Row>
      <Row name="Caller ids">
        <span className="tabular-nums">{dial?.callerIds.join(', ')}</span>
      </Row>
      <Row name="On answer">
        {dial?.answerUrl ?? 'Plivo XML, written here'}; machines {machines[dial?.machineDetection ?? 'off']}
      </Row>
      <Row name="Pace">{paceLine(campaign.pace)}</Row>
      <Row name="Calling again">{retryLine(campaign.retry)}</Row>
      <Row name="Hours">
        {hoursLine(campaign.windows)}
        {timezone !== null && <span className="text-ink-2"> ({timezone.replaceAll('_', ' ')})</span>}
      </Row>
      {deadline !== null && <Row name="Deadline">{formatMinute(deadline, new Date())}</Row>}
    </dl>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid gap-x-6 py-2 sm:grid-cols-[8rem_minmax(0,1fr)]">
      <dt className="text-ink-2">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
