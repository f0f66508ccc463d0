import type { Campaign } from '@ringside/protocol';
import { Check, Circle } from 'lucide-react';
import { type ReactNode, Suspense } from 'react';
import { Link } from 'wouter';
import { counted } from '../format.ts';
import { useMay } from '../session/session-context.ts';
import { lazily } from '../ui/lazily.tsx';
import { Panel, Skeleton } from '../ui/panel.tsx';

const PlanFacts = lazily(() => import('../new/plan-facts.tsx').then((module) => module.PlanFacts));
const ContactsUpload = lazily(() => import('../contacts/contacts-upload.tsx').then((module) => module.ContactsUpload));

interface SetupPanelProps {
  /** `null` while it is being read. */
  readonly campaign: Campaign | null;
  /** Contacts on the list, as the report counts them. */
  readonly contacts: number;
}

/** A draft of a campaign that Ringside dials: what it has, and what is missing before it can start. */
export function SetupPanel({ campaign, contacts }: SetupPanelProps) {
  const mayOperate = useMay('operate');
  if (!campaign) return <Skeleton className="h-80" />;
  const ids = campaign.dial?.callerIds.length ?? 0;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[7fr_5fr]">
      <Panel title="Before it starts">
        <ul className="space-y-1 px-4 pb-4">
          <Item done={ids > 0}>
            {ids > 0 ? `${counted(ids, 'caller id')}, and an answer for who picks up` : 'Caller ids are missing'}
          </Item>
          <Item done={contacts > 0}>
            {contacts > 0 ? `${counted(contacts, 'contact')} on the list` : 'Contacts are missing'}
          </Item>
          <Item done={false}>
            {contacts > 0 ? 'Start it when you are ready: nothing is dialed before.' : 'Then it can be started.'}
          </Item>
        </ul>
        {mayOperate && (
          <div className="border-t border-line p-4">
            <Suspense fallback={<Skeleton className="h-37" />}>
              <ContactsUpload campaignId={campaign.id} />
            </Suspense>
          </div>
        )}
      </Panel>
      <Panel title="How it dials" aside={mayOperate && <ChangeLink id={campaign.id} />}>
        <div className="px-4 pb-2">
          <Suspense fallback={<Skeleton className="h-60" />}>
            <PlanFacts campaign={campaign} />
          </Suspense>
        </div>
      </Panel>
    </div>
  );
}

function ChangeLink({ id }: { readonly id: string }) {
  return (
    <Link href={`/new/${encodeURIComponent(id)}`} className="text-12 text-progress underline underline-offset-2">
      Change it
    </Link>
  );
}

function Item({ done, children }: { readonly done: boolean; readonly children: ReactNode }) {
  const Icon = done ? Check : Circle;
  return (
    <li className="flex items-start gap-2.5">
      <Icon aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${done ? 'text-reached' : 'text-ink-3'}`} />
      <span>
        <span className="sr-only">{done ? 'Done: ' : 'To do: '}</span>
        {children}
      </span>
    </li>
  );
}
