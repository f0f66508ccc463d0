import type { Campaign } from '@ringside/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { useClient } from '../client-context.ts';
import { HoursFields } from '../plan/hours-fields.tsx';
import { hoursProblem } from '../plan/hours-text.ts';
import { PaceFields } from '../plan/pace-fields.tsx';
import { RetryFields } from '../plan/retry-fields.tsx';
import { Button } from '../ui/button.tsx';
import { DialogActions } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextArea } from '../ui/field.tsx';
import { AnswerFields } from './answer-fields.tsx';
import { createBody, type Draft, patchBody } from './draft.ts';
import { MoreFields } from './more-fields.tsx';
import { NameFields } from './name-fields.tsx';

interface PlanStepProps {
  /** What the fields show at first. */
  readonly begun: Draft;
  /** `null` while it was not made yet. */
  readonly made: Campaign | null;
  readonly onDone: (id: string) => void;
}

/** The first step: how it is called and how it dials. At its end the campaign exists, as a draft. */
export function PlanStep({ begun, made, onDone }: PlanStepProps) {
  const [draft, setDraft] = useState(begun);
  const change = (changes: Partial<Draft>): void => setDraft({ ...draft, ...changes });
  const { mutate, isPending, error, reset } = useSave(made, onDone);
  const problem = hoursProblem(draft.hours);
  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (problem === null) mutate(draft);
  }
  return (
    <form onSubmit={onSubmit} onChange={() => error && reset()}>
      <Section title="What it is">
        <NameFields draft={draft} change={change} fixed={made !== null} />
      </Section>
      <Section title="Who calls, and what is heard">
        <TextArea
          label="Caller ids"
          note="Numbers of your account, one a line. Calls take them in turn, and a retry takes another."
          required
          rows={3}
          spellCheck={false}
          placeholder="+91 80 3573 5659"
          value={draft.callerIds}
          onChange={({ target }) => change({ callerIds: target.value })}
        />
        <AnswerFields draft={draft} change={change} />
      </Section>
      <Section title="How fast">
        <PaceFields pace={draft.pace} setPace={(pace) => change({ pace })} />
      </Section>
      <Section title="Calling again">
        <RetryFields retry={draft.retry} setRetry={(retry) => change({ retry })} />
      </Section>
      <Section title="When">
        <HoursFields hours={draft.hours} setHours={(hours) => change({ hours })} />
        {problem && <p className="text-alarm">{problem}</p>}
      </Section>
      <details className="border-t border-line py-5">
        <summary className="cursor-pointer font-medium">More</summary>
        <div className="mt-4 space-y-4">
          <MoreFields draft={draft} change={change} />
        </div>
      </details>
      <Failure error={error} />
      <DialogActions>
        <Button kind="primary" type="submit" disabled={isPending || problem !== null}>
          {isPending ? 'Saving…' : made ? 'Save and go on' : 'Make the draft and go on'}
        </Button>
      </DialogActions>
    </form>
  );
}

function useSave(made: Campaign | null, onDone: (id: string) => void) {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (draft: Draft) =>
      made
        ? client.request<Campaign>(`/v1/campaigns/${encodeURIComponent(made.id)}`, {
            method: 'PATCH',
            body: patchBody(draft),
          })
        : client.request<Campaign>('/v1/campaigns', { method: 'POST', body: createBody(draft) }),
    onSuccess: (campaign) => {
      queries.setQueryData(['campaign', campaign.id], campaign);
      onDone(campaign.id);
    },
  });
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="grid gap-x-8 gap-y-3 border-t border-line py-5 first:border-t-0 first:pt-0 sm:grid-cols-[10rem_minmax(0,1fr)]">
      <h2 className="font-medium">{title}</h2>
      <div className="min-w-0 space-y-4">{children}</div>
    </section>
  );
}
