import type { Campaign, Phase } from '@ringside/protocol';
import { useMay } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Strip, StripLink } from '../ui/strip.tsx';
import { useNow } from '../ui/use-now.ts';
import { confirmationNote } from './control-words.ts';
import type { Control } from './use-control.ts';

interface ConfirmationStripProps {
  readonly campaign: Campaign;
  readonly phase: Phase;
  readonly control: Control;
}

/** What an external dialer was asked and has not confirmed: since when, and what to do about it. */
export function ConfirmationStrip({ campaign: { confirmation }, phase, control }: ConfirmationStripProps) {
  const note = confirmationNote(confirmation, phase, useNow(1_000));
  const mayOperate = useMay('operate');
  const isAdmin = useMay('administer');
  const { command } = confirmation;
  if (!note || command === null) return null;
  return (
    <Strip
      tone={note.grave ? 'alarm' : 'waiting'}
      title={note.title}
      actions={
        note.grave && (
          <>
            {mayOperate && (
              <Button small onClick={() => control.open(command)}>
                Ask again
              </Button>
            )}
            {isAdmin && <StripLink href="/settings/control">Control webhook</StripLink>}
          </>
        )
      }
    >
      {note.text}
    </Strip>
  );
}
