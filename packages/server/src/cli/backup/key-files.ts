import { existsSync, readFileSync } from 'node:fs';
import { NumberTokens } from '../../access/number-tokens.ts';
import { CannotOpen, KEY_BYTES, SecretBox, secretKeyFile } from '../../access/secret-box.ts';
import { ownerOf } from '../../providers/accounts.ts';
import { accounts } from '../../store/access/accounts.ts';
import { allErasures } from '../../store/access/erasures.ts';
import type { SealedToken } from '../../store/access/records.ts';
import { driveSteps } from '../../store/access/steps.ts';
import { AccessTables } from '../../store/sqlite/access-tables.ts';
import type { Database } from '../../store/sqlite/database.ts';
import { CliError } from '../terminal.ts';

/** Where the copy of the secret key lies beside a backup. */
export function keyFileBeside(backup: string): string {
  return `${backup}.secret.key`;
}

/** The key that lies beside a backup, where a server would use it and has it not; `null` when there is nothing to do. */
export function keyToPlace(
  backup: string,
  { dataDir, secretKey, force }: { dataDir: string; secretKey: Buffer | null; force: boolean },
): Buffer | null {
  const path = keyFileBeside(backup);
  if (secretKey !== null || !existsSync(path)) return null;
  const key = readKey(path);
  if (key === null) throw new CliError(`${path} is not a secret key: move it away`);
  const present = secretKeyFile(dataDir);
  if (!existsSync(present)) return key;
  if (readKey(present)?.equals(key)) return null;
  if (!force) throw new CliError(`${present} is not the key of the backup, ${path}: --force moves it aside`);
  return key;
}

/** The key of a file; `null` where there is none. */
export function readKey(path: string): Buffer | null {
  if (!existsSync(path)) return null;
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  return key.length === KEY_BYTES ? key : null;
}

/** What of a store a key does not open. */
export interface Unopened {
  readonly accounts: number;
  readonly erasures: number;
}

/** Counts what a key does not open; without a key that is everything that is sealed. */
export function unopenedWith(db: Database, key: Buffer | null): Unopened {
  const { rows } = new AccessTables(db);
  const isOpened = ({ sealed }: SealedToken, owner: string): boolean => key !== null && opens(key, sealed, owner);
  const shut = driveSteps(accounts(), rows).filter(
    (account) => !account.tokens.every((token) => isOpened(token, ownerOf(account))),
  );
  const foreign = driveSteps(allErasures(), rows).filter(
    ({ workspace, probe }) => key === null || new NumberTokens(key, workspace).probe() !== probe,
  );
  return { accounts: shut.length, erasures: foreign.length };
}

function opens(key: Buffer, sealed: string, owner: string): boolean {
  try {
    new SecretBox(key).open(sealed, owner);
    return true;
  } catch (error) {
    if (error instanceof CannotOpen) return false;
    throw error;
  }
}
