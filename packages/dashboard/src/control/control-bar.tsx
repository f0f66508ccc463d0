import type { Campaign, CommandName, Report } from '@ringside/protocol';
import { Ellipsis, LoaderCircle, type LucideIcon, Pause, Play, RotateCcw, X } from 'lucide-react';
import { useMay } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { commandWords, type Doing as DoingWords, doingOf, offerOf } from './control-words.ts';
import type { Control, Opened } from './use-control.ts';

interface ControlBarProps {
  readonly report: Report;
  readonly campaign: Campaign;
  readonly control: Control;
}

const icons: Readonly<Record<CommandName, LucideIcon>> = {
  start: Play,
  pause: Pause,
  resume: Play,
  cancel: X,
  'retry-failed': RotateCcw,
};

/** What may be done with a campaign: one thing at hand, the rest in a menu. Nothing for who may not operate it. */
export function ControlBar({ report: { phase, callMetrics }, campaign, control }: ControlBarProps) {
  if (!useMay('operate')) return null;
  const { main, more } = offerOf(phase, campaign.dialer);
  const doing = doingOf(phase, callMetrics.activeCalls, control.pending);
  return (
    <>
      {doing ? <Doing {...doing} /> : main && <MainButton command={main} press={() => control.open(main)} />}
      <Menu label="More about this campaign" items={itemsOf(campaign.dialer, more, control.open)}>
        <Ellipsis aria-hidden="true" className="size-4" />
      </Menu>
    </>
  );
}

function MainButton({ command, press }: { readonly command: CommandName; readonly press: () => void }) {
  const Icon = icons[command];
  return (
    <Button small kind={command === 'pause' ? 'plain' : 'primary'} onClick={press} aria-haspopup="dialog">
      <Icon aria-hidden="true" className="size-3.5" />
      {commandWords[command].name}
    </Button>
  );
}

/** In the button’s place while what it asked for goes on. */
function Doing({ word, rest }: DoingWords) {
  return (
    <p role="status" className="flex h-8 items-center gap-1.5 px-1 whitespace-nowrap text-ink-2">
      <LoaderCircle aria-hidden="true" className="size-3.5 motion-safe:animate-spin" />
      {word}
      <span className="max-sm:sr-only">{rest}</span>
    </p>
  );
}

/** In the order of the menu: what goes on dialing, what changes it, what tells of it, and last what ends it. */
function itemsOf(
  dialer: Campaign['dialer'],
  commands: readonly CommandName[],
  open: (what: Opened) => void,
): readonly MenuItem[] {
  const item = (what: Opened, label: string): MenuItem => ({ label, run: () => open(what) });
  const commandItem = (command: CommandName): MenuItem => item(command, `${commandWords[command].name}…`);
  const goOn = commands.filter((command) => command !== 'cancel').map(commandItem);
  const changes = commands.length === 0 ? [] : [item('pace', 'Change pace…')];
  const dialing = [item('hours', 'Calling hours…'), item('contacts', 'Add contacts…')];
  const ends = commands.includes('cancel') ? [{ ...commandItem('cancel'), grave: true }] : [];
  const ours = dialer === 'built-in' && commands.length > 0 ? dialing : [];
  return [...goOn, ...changes, ...ours, item('history', 'History'), ...ends];
}
