import type { Command } from 'commander';
import { type Flags, loadConfig } from '../../config/options.ts';
import { type CliContext, withSettings } from '../context.ts';
import { diagnose } from './doctor.ts';
import { diagnosisJson, renderDiagnosis } from './render.ts';

interface DoctorFlags extends Flags {
  readonly fix?: boolean;
  readonly json?: boolean;
  readonly key?: string;
}

/** `ringside doctor`. */
export function doctorCommand(program: Command, { env, terminal, now, exitWith }: CliContext): void {
  withSettings(
    program
      .command('doctor')
      .description('check the set-up, and every number in the store against the deliveries it came from')
      .option('--fix', 'build what differs again from the stored deliveries; the server must be stopped')
      .option('--json', 'for programs')
      .option('--key <key>', 'API key, to ask the running server which signatures it expects (or RINGSIDE_KEY)'),
  ).action(async ({ fix = false, json = false, key, ...flags }: DoctorFlags) => {
    const config = loadConfig(env, flags);
    const options = { fix, key: key ?? env.RINGSIDE_KEY ?? null };
    const diagnosis = await diagnose(config, options, terminal, now);
    terminal.out(json ? diagnosisJson(diagnosis) : renderDiagnosis(diagnosis, terminal.colors));
    exitWith(diagnosis.ok ? 0 : 1);
  });
}
