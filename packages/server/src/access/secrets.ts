import { createHash, randomBytes } from 'node:crypto';

/** SHA-256 of a random secret; such a secret needs no slow hash. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** A new API key: 256 random bits behind a prefix that secret scanners can know. */
export function newKey(): string {
  return `rsk_${newSecret()}`;
}

/** 256 random bits. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** An id that says what it names. */
export function newId(kind: 'key' | 'acc' | 'shr'): string {
  return `${kind}_${randomBytes(9).toString('base64url').replace(/[-_]/g, 'x')}`;
}

/** How a key begins: enough to tell it from others, too little to guess it. */
export function prefixOf(key: string): string {
  return key.startsWith('rsk_') ? key.slice(0, 8) : `${key.slice(0, 2)}…`;
}
