import type { Config } from '../../config/options.ts';
import { CliError } from '../terminal.ts';

/** What a data folder holds is no backup of a PostgreSQL store. */
export function mustBeEmbedded({ databaseUrl }: Config, instead: string): void {
  if (databaseUrl === '') return;
  throw new CliError(`DATABASE_URL is set, so the data lies in PostgreSQL: use ${instead}`);
}
