import type { Command } from 'commander';
import { type Flags, loadConfig } from '../../config/options.ts';
import { type CliContext, withSettings } from '../context.ts';
import { givenKey, keyFileOption } from '../key-file.ts';
import { diagnose } from './doctor.ts';
import { diagnosisJson, renderDiagnosis } from './render.ts';

interface DoctorFlags extends Flags {
  readonly fix?: boolean;
  readonly json?: boolean;
  readonly keyFile?: string;
}

/** `ringside doctor`. */
export function doctorCommand(program: Command, { env, terminal, now, exitWith }: CliContext): void {
  withSettings(
    program
      .command('doctor')
      .description('check the set-up, and every number in the store against the deliveries it came from')
      .option(
        '--fix',
        'build what differs again from the stored deliveries; a server on the embedded store must be stopped',
      )
      .option('--json', 'for programs')
      .option(...keyFileOption),
  ).action(async ({ fix = false, json = false, keyFile, ...flags }: DoctorFlags) => {
    const config = loadConfig(env, flags);
    const options = { fix, key: await givenKey(keyFile, { env, terminal }) };
    const diagnosis = await diagnose(config, options, terminal, now);
    terminal.out(json ? diagnosisJson(diagnosis) : renderDiagnosis(diagnosis, terminal.colors));
    exitWith(diagnosis.ok ? 0 : 1);
  });
}
