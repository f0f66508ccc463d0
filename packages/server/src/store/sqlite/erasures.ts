import type { Eraser } from '@ringside/core';
import { NumberTokens } from '../../access/number-tokens.ts';
import { allErasures } from '../access/erasures.ts';
import type { StoredErasure } from '../access/records.ts';
import { driveSteps } from '../access/steps.ts';
import type { AccessTables } from './access-tables.ts';

interface OfWorkspace {
  readonly tokens: Set<string>;
  readonly digits: Set<string>;
  readonly eraser: Eraser;
}

/** Numbers that were erased, in memory, for every delivery is asked about. A workspace that erased none costs nothing. */
export class Erasures {
  readonly #secretKey: Uint8Array;
  readonly #workspaces = new Map<string, OfWorkspace>();
  readonly #keys = new Map<string, NumberTokens>();

  /** Erasures made with another secret key: what they are about is not known again when it comes up. */
  readonly foreign: number;

  constructor(access: AccessTables, secretKey: Uint8Array) {
    this.#secretKey = secretKey;
    const stored = driveSteps(allErasures(), access.rows);
    const own = stored.filter(({ workspace, probe }) => this.tokens(workspace).probe() === probe);
    this.foreign = stored.length - own.length;
    for (const erasure of own) this.keep(erasure);
  }

  /** `null` while the workspace has erased no number. */
  of(workspace: string): Eraser | null {
    return this.#workspaces.get(workspace)?.eraser ?? null;
  }

  tokens(workspace: string): NumberTokens {
    const known = this.#keys.get(workspace);
    if (known) return known;
    const made = new NumberTokens(this.#secretKey, workspace);
    this.#keys.set(workspace, made);
    return made;
  }

  /** From now on the number is erased wherever it comes up. */
  keep({ workspace, token, digits }: Pick<StoredErasure, 'workspace' | 'token' | 'digits'>): void {
    const known = this.#workspaces.get(workspace) ?? this.#begin(workspace);
    known.tokens.add(token);
    for (const hash of digits) known.digits.add(hash);
  }

  #begin(workspace: string): OfWorkspace {
    const keyed = this.tokens(workspace);
    const tokens = new Set<string>();
    const digits = new Set<string>();
    const eraser: Eraser = {
      tokenOf: (number) => {
        const token = keyed.token(number);
        return tokens.has(token) ? token : null;
      },
      tokenOfDigits: (written) => (digits.has(keyed.digitsHash(written)) ? keyed.digitsToken(written) : null),
      rehash: (hash) => keyed.rehash(hash),
    };
    const made = { tokens, digits, eraser };
    this.#workspaces.set(workspace, made);
    return made;
  }
}
