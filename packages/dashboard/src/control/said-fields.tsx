import type { Campaign, CommandName } from '@ringside/protocol';
import { useState } from 'react';
import { useClient } from '../client-context.ts';
import { outcomeWords } from '../definitions.ts';
import { type RetriedOutcome, retriedOutcomes } from '../plan/retry-text.ts';
import { browserZone, readServerTime, readZone } from '../readers.ts';
import { useSession } from '../session/session-context.ts';
import { ChoiceField, SelectField, TextField } from '../ui/field.tsx';
import { type PauseLength, pauseBody, pauseChoices } from './pause-until.ts';
import type { Said } from './use-command.ts';

const liveChoices = [
  { value: 'finish', label: 'Let them finish', meaning: 'nobody is cut off' },
  { value: 'hang-up', label: 'Hang up now', meaning: 'people are cut off in mid-sentence' },
] as const;

interface Options {
  readonly length: PauseLength;
  readonly live: 'finish' | 'hang-up';
  /** Empty for all of them. */
  readonly outcome: RetriedOutcome | '';
  readonly reason: string;
}

/** What somebody says with a command, from fields of their own. */
export function useSaid(campaign: Campaign, command: CommandName) {
  const { timeZone } = useSession();
  const zone = readZone(campaign.timezone ?? timeZone);
  const client = useClient();
  const [openedAt] = useState(() => readServerTime(client));
  const [options, setOptions] = useState<Options>({ length: 'resumed', live: 'finish', outcome: '', reason: '' });
  const { length, live, outcome } = options;
  const said: Said = {
    ...(command === 'pause' ? pauseBody(length, openedAt, zone) : {}),
    ...(live === 'hang-up' ? { hangUp: true } : {}),
    ...(outcome === '' ? {} : { outcomes: [outcome] }),
  };
  const reason = options.reason.trim();
  const change = (changes: Partial<Options>): void => setOptions({ ...options, ...changes });
  return {
    /** All that changes what follows from the command. */
    said,
    whole: reason === '' ? said : { ...said, reason },
    fields: <SaidFields {...{ command, zone, options, change }} />,
  };
}

interface SaidFieldsProps {
  readonly command: CommandName;
  readonly zone: string;
  readonly options: Options;
  readonly change: (changes: Partial<Options>) => void;
}

function SaidFields({ command, zone, options, change }: SaidFieldsProps) {
  const own = browserZone();
  return (
    <>
      {command === 'retry-failed' && (
        <SelectField
          label="Whom"
          value={options.outcome}
          onChange={({ target }) => change({ outcome: target.value as Options['outcome'] })}
        >
          <option value="">Everybody not reached</option>
          {retriedOutcomes.map((ended) => (
            <option key={ended} value={ended}>
              Only after {outcomeWords[ended].label}
            </option>
          ))}
        </SelectField>
      )}
      {command === 'pause' && (
        <SelectField
          label="How long"
          value={options.length}
          onChange={({ target }) => change({ length: target.value as PauseLength })}
        >
          {pauseChoices(zone, own).map(({ value, label, meaning }) => (
            <option key={value} value={value}>
              {meaning === '' ? label : `${label}, ${meaning}`}
            </option>
          ))}
        </SelectField>
      )}
      {(command === 'pause' || command === 'cancel') && (
        <ChoiceField
          label="Live calls"
          value={options.live}
          setValue={(live) => change({ live })}
          options={liveChoices}
        />
      )}
      <TextField
        label="Reason (optional)"
        note="Stands in the campaign’s history, with your name."
        maxLength={500}
        autoComplete="off"
        value={options.reason}
        onChange={({ target }) => change({ reason: target.value })}
      />
    </>
  );
}
