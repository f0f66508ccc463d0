import { PhoneOutgoing } from 'lucide-react';
import { Link } from 'wouter';
import { Card, Steps } from './card.tsx';

/** For people without a dialer: Ringside places the calls. */
export function NewCampaignCard() {
  return (
    <Card
      icon={PhoneOutgoing}
      title="Let Ringside dial"
      summary="No dialer yet? Upload a list, and Ringside calls it through your Plivo account."
      foot={
        <Link
          href="/new"
          className="inline-flex h-9 items-center rounded-md border border-line-strong bg-surface px-3.5 hover:bg-raised max-sm:h-10"
        >
          New campaign
        </Link>
      }
    >
      <Steps
        numbered
        steps={[
          ['Set it up', 'Caller ID, what the call plays, speed, retries and hours.'],
          ['Add contacts', 'A CSV file. You see first which rows cannot be called, and why.'],
          ['Review and start', 'Pause, resume or slow it down at any time.'],
        ]}
      />
    </Card>
  );
}
