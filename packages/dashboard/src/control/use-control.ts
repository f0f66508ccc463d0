import type { Campaign, CommandName, Report } from '@ringside/protocol';
import { useState } from 'react';

/** What can be opened over a campaign’s page. */
export type Opened = CommandName | 'pace' | 'hours' | 'contacts' | 'history';

/** What the parts of a campaign’s page need to have something done. */
export interface Control {
  readonly open: (what: Opened) => void;
  /** The command that was obeyed, while the report does not tell of it yet. */
  readonly pending: CommandName | null;
}

/** Holds what is open over a campaign’s page, and which command is under way. */
export function useControl({ version }: Pick<Report, 'version'>) {
  const [opened, open] = useState<Opened | null>(null);
  const [given, setGiven] = useState<{ readonly command: CommandName; readonly version: number } | null>(null);
  const control: Control = { open, pending: given && version < given.version ? given.command : null };
  return {
    control,
    opened,
    close: () => open(null),
    /** A command was answered with the campaign as it is then. */
    answered: (command: CommandName, campaign: Campaign) => setGiven({ command, version: campaign.version }),
  };
}
