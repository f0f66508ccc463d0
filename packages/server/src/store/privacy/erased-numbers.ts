import type { Eraser } from '@ringside/core';
import { NumberTokens } from '../../access/number-tokens.ts';
import type { AuditNote, StoredErasure } from '../access/records.ts';
import type { ErasureWish } from '../store.ts';
import { nothingFound } from './erasure-count.ts';

interface OfWorkspace {
  readonly tokens: Set<string>;
  readonly digits: Set<string>;
  readonly eraser: Eraser;
}

/** Numbers that were erased, in memory, for every delivery is asked about. A workspace that erased none costs nothing. */
export class ErasedNumbers {
  readonly #secretKey: Uint8Array;
  readonly #workspaces = new Map<string, OfWorkspace>();
  readonly #keys = new Map<string, NumberTokens>();

  constructor(secretKey: Uint8Array) {
    this.#secretKey = secretKey;
  }

  /** `null` while the workspace has erased no number. */
  of(workspace: string): Eraser | null {
    return this.#workspaces.get(workspace)?.eraser ?? null;
  }

  /** What stands for a number. */
  tokenOf({ workspace, number }: Pick<ErasureWish, 'workspace' | 'number'>): string {
    return this.#tokens(workspace).token(number);
  }

  /** An erasure as it begins. */
  begun(wish: ErasureWish, { at, actor }: AuditNote): StoredErasure {
    const { workspace, number, reason } = wish;
    const tokens = this.#tokens(workspace);
    return {
      ...{ workspace, token: this.tokenOf(wish), digits: tokens.digitsHashes(number), probe: tokens.probe(), reason },
      ...{ at, actor, found: nothingFound, doneAt: null },
    };
  }

  /** False for an erasure that was made with another secret key: what it is about is not known again when it comes up. */
  isOwn({ workspace, probe }: Pick<StoredErasure, 'workspace' | 'probe'>): boolean {
    return this.#tokens(workspace).probe() === probe;
  }

  /** From now on the number is erased wherever it comes up. */
  keep({ workspace, token, digits }: Pick<StoredErasure, 'workspace' | 'token' | 'digits'>): void {
    const known = this.#workspaces.get(workspace) ?? this.#begin(workspace);
    known.tokens.add(token);
    for (const hash of digits) known.digits.add(hash);
  }

  #tokens(workspace: string): NumberTokens {
    const known = this.#keys.get(workspace);
    if (known) return known;
    const made = new NumberTokens(this.#secretKey, workspace);
    this.#keys.set(workspace, made);
    return made;
  }

  #begin(workspace: string): OfWorkspace {
    const keyed = this.#tokens(workspace);
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
