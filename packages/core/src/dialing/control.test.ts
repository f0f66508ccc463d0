import { CommandName, Phase } from '@ringside/protocol';
import { describe, expect, it } from 'vitest';
import { type Decision, decideCommand } from './control.ts';

/** `-`: refused, `=`: already so, `+`: contacts are put back on the list. */
function shown(decision: Decision): string {
  if (decision.kind === 'change') return decision.change;
  return { refused: '-', already: '=', 'dial-again': '+' }[decision.kind];
}

const commands = CommandName.options;
const before = { start: 'started', pause: 'paused', resume: '-', cancel: 'cancelled', 'retry-failed': '-' };
const going = { start: '=', pause: 'paused', resume: '=', cancel: 'cancelled', 'retry-failed': '+' };
const onPause = { start: '-', pause: '=', resume: 'resumed', cancel: 'cancelled', 'retry-failed': '+' };
const nothing = { start: '-', pause: '-', resume: '-', cancel: '-', 'retry-failed': '-' };

const expected: Record<Phase, Record<CommandName, string>> = {
  draft: { ...before, pause: '-' },
  scheduled: before,
  queued: before,
  running: going,
  waiting: going,
  stalled: going,
  finishing: going,
  pausing: onPause,
  paused: onPause,
  completed: { ...nothing, resume: 'resumed', 'retry-failed': 'resumed' },
  cancelled: { ...nothing, cancel: '=' },
  failed: { ...nothing, resume: 'resumed' },
};

const cells = Phase.options.flatMap((phase) => commands.map((command) => ({ phase, command })));

describe('control of a campaign', () => {
  it.each(cells)('$command while $phase', ({ phase, command }) => {
    expect(shown(decideCommand(command, { phase, dialer: 'built-in' }))).toBe(expected[phase][command]);
  });

  it.each(cells)('$command while $phase with an external dialer', ({ phase, command }) => {
    const isEnded = phase === 'completed' || phase === 'failed';
    const differs = isEnded && command === 'resume';
    expect(shown(decideCommand(command, { phase, dialer: 'external' }))).toBe(differs ? '-' : expected[phase][command]);
  });

  it('goes by the closing word while its last calls finish', () => {
    const cancelled = { phase: 'finishing', endsAs: 'cancelled', dialer: 'built-in' } as const;
    expect(commands.map((command) => shown(decideCommand(command, cancelled)))).toEqual(['-', '-', '-', '=', '-']);
    expect(decideCommand('pause', { ...cancelled, endsAs: null })).toEqual({ kind: 'change', change: 'paused' });
  });

  it('says in a sentence why a command is refused, and what to do', () => {
    for (const { phase, command } of cells) {
      for (const dialer of ['built-in', 'external'] as const) {
        const decision = decideCommand(command, { phase, dialer });
        if (decision.kind === 'refused') expect(decision.why).toMatch(/^It .+\.$|^Nothing .+\.$/);
      }
    }
    const paused = decideCommand('start', { phase: 'paused', dialer: 'built-in' });
    expect(paused).toEqual({ kind: 'refused', why: 'It is paused: resume it.' });
  });
});
