import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** SHA-256 of a random secret; such a secret needs no slow hash. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** A new API key: 256 random bits behind a prefix that secret scanners can know. */
export function newKey(): string {
  return `rsk_${newSecret()}`;
}

/** Keys, tickets, sessions, the parts of a JWT: long words without a meaning. A UUID is none. */
const SECRETS = /(?<![\w-])(?!(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?![\w-]))[\w-]{32,}/gi;

/** A text that somebody else's request is told or logged with: a secret that was put in the wrong place is left out. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRETS, (found) => `${found.slice(0, 4)}…`);
}

/** 256 random bits. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** An id that says what it names. */
export function newId(kind: 'key' | 'acc' | 'shr' | 'ord'): string {
  return `${kind}_${randomBytes(9).toString('base64url').replace(/[-_]/g, 'x')}`;
}

/** Id of an attempt to call somebody: it stands in the URLs of its callbacks, and nobody can guess another one. */
export function newAttemptId(): string {
  return randomUUID();
}

/** How a key begins: enough to tell it from others, too little to guess it. */
export function prefixOf(key: string): string {
  return key.startsWith('rsk_') ? key.slice(0, 8) : `${key.slice(0, 2)}…`;
}
