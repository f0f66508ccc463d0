import type { Campaign } from '@ringside/protocol';
import { useQuery } from '@tanstack/react-query';
import { ChevronLeft } from 'lucide-react';
import { useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { useClient } from '../client-context.ts';
import { browserCountry, browserZone, readPathPart } from '../readers.ts';
import { useMay, useSession } from '../session/session-context.ts';
import { todaysName } from '../settings/workspaces/time-zone-field.tsx';
import { Failure } from '../ui/failure.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { useTitle } from '../ui/use-title.ts';
import { ContactsStep } from './contacts-step.tsx';
import { countries } from './countries.ts';
import { draftOf, emptyDraft } from './draft.ts';
import { PlanStep } from './plan-step.tsx';
import { ReviewStep } from './review-step.tsx';
import { Steps, stepPath } from './steps.tsx';

/** A campaign that Ringside dials, in three steps. After the first it exists, and one can go on at any time. */
export function NewPage() {
  useTitle('New campaign · Ringside');
  if (!useMay('operate')) return <ForOperators />;
  return (
    <div className="mx-auto max-w-180">
      <p className="text-12 text-ink-2">
        <Link href="/" className="-ml-1 inline-flex h-7 items-center gap-0.5 hover:text-ink">
          <ChevronLeft aria-hidden="true" className="size-3.5" />
          Campaigns
        </Link>
      </p>
      <Switch>
        <Route path="/new" component={FirstStep} />
        <Route path="/new/:id">{({ id }) => <OfCampaign id={readPathPart(id)} step={1} />}</Route>
        <Route path="/new/:id/contacts">{({ id }) => <OfCampaign id={readPathPart(id)} step={2} />}</Route>
        <Route path="/new/:id/review">{({ id }) => <OfCampaign id={readPathPart(id)} step={3} />}</Route>
      </Switch>
    </div>
  );
}

function FirstStep() {
  const { timeZone } = useSession();
  const [, navigate] = useLocation();
  const [begun] = useState(() => emptyDraft({ timezone: likelyZone(timeZone), country: likelyCountry() }));
  return (
    <>
      <h1 className="text-20 font-semibold tracking-tight">New campaign</h1>
      <Steps here={1} id={null} />
      <PlanStep begun={begun} made={null} onDone={(id) => navigate(stepPath(id, 2))} />
    </>
  );
}

/** A workspace without a zone of its own says UTC: then the reader’s is likelier that of the contacts. */
function likelyZone(ofWorkspace: string): string {
  return ofWorkspace === 'UTC' ? todaysName(browserZone()) : ofWorkspace;
}

/** The country of the reader's languages, where the form offers it. */
function likelyCountry(): string {
  const code = browserCountry();
  return countries.some((country) => country.code === code) ? code : '';
}

interface OfCampaignProps {
  readonly id: string;
  readonly step: 1 | 2 | 3;
}

function OfCampaign({ id, step }: OfCampaignProps) {
  const client = useClient();
  const { data, error } = useQuery({ queryKey: ['campaign', id], queryFn: () => client.campaign(id) });
  if (error) return <Failure error={error} />;
  if (!data) return <Skeleton className="h-80" />;
  return (
    <>
      <h1 className="truncate text-20 font-semibold tracking-tight">{data.name}</h1>
      <Steps here={step} id={id} />
      <Step campaign={data} step={step} />
    </>
  );
}

function Step({ campaign, step }: { readonly campaign: Campaign; readonly step: 1 | 2 | 3 }) {
  const { timeZone } = useSession();
  const [, navigate] = useLocation();
  if (step === 2) return <ContactsStep campaign={campaign} />;
  if (step === 3) return <ReviewStep campaign={campaign} />;
  return (
    <PlanStep begun={draftOf(campaign, timeZone)} made={campaign} onDone={() => navigate(stepPath(campaign.id, 2))} />
  );
}

function ForOperators() {
  return (
    <div className="grid min-h-[60dvh] place-items-center text-center">
      <div className="max-w-100">
        <h1 className="text-20 font-semibold">Campaigns are made by operators</h1>
        <p className="mt-2 text-ink-2">
          Your key may look at campaigns only. Sign in with a key of the role operator or admin, or ask somebody who has
          one.
        </p>
      </div>
    </div>
  );
}
