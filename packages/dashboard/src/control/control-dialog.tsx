import type { Campaign, CommandName } from '@ringside/protocol';
import { Suspense } from 'react';
import { lazilyDialog } from '../ui/lazily.tsx';
import type { Opened } from './use-control.ts';

const CommandDialog = lazilyDialog(() => import('./command-dialog.tsx').then((module) => module.CommandDialog));
const PaceDialog = lazilyDialog(() => import('./pace-dialog.tsx').then((module) => module.PaceDialog));
const HoursDialog = lazilyDialog(() => import('./hours-dialog.tsx').then((module) => module.HoursDialog));
const ContactsDialog = lazilyDialog(() =>
  import('../contacts/contacts-dialog.tsx').then((module) => module.ContactsDialog),
);
const HistoryDialog = lazilyDialog(() => import('./history-dialog.tsx').then((module) => module.HistoryDialog));

interface ControlDialogProps {
  readonly opened: Opened;
  readonly campaign: Campaign;
  readonly answered: (command: CommandName, campaign: Campaign) => void;
  readonly onClose: () => void;
}

/** Whatever was opened over a campaign’s page, loaded when it is. */
export function ControlDialog({ opened, answered, ...about }: ControlDialogProps) {
  return <Suspense>{dialogOf(opened)}</Suspense>;

  function dialogOf(what: Opened) {
    switch (what) {
      case 'pace':
        return <PaceDialog {...about} />;
      case 'hours':
        return <HoursDialog {...about} />;
      case 'contacts':
        return <ContactsDialog {...about} />;
      case 'history':
        return <HistoryDialog {...about} />;
      default:
        return <CommandDialog {...about} command={what} onDone={(answer) => answered(what, answer)} />;
    }
  }
}
