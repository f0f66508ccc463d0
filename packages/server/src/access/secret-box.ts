import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWhole } from '../durable-file.ts';

const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const KEY_BYTES = 32;

/** The box was sealed with another key, for another owner, or was tampered with. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}

/**
 * Seals small secrets with AES-256-GCM. What a box belongs to is authenticated along with it, so one cannot be moved
 * to another account's row.
 */
export class SecretBox {
  readonly #key: Buffer;

  /** @param key 32 bytes */
  constructor(key: Buffer) {
    if (key.length !== KEY_BYTES) throw new Error(`the secret key must have ${KEY_BYTES} bytes`);
    this.#key = key;
  }

  seal(secret: string, owner: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(owner));
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
  }

  /** @throws CannotOpen */
  open(sealed: string, owner: string): string {
    const [version, box = ''] = sealed.split('.');
    const bytes = Buffer.from(box, 'base64url');
    if (version !== VERSION || bytes.length < NONCE_BYTES + TAG_BYTES) throw new CannotOpen('not a sealed secret');
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(owner))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch (error) {
      throw new CannotOpen('sealed with another RINGSIDE_SECRET_KEY, or damaged', { cause: error });
    }
  }
}

/** By this a secret key is known again, and nothing more. */
export function probeOf(key: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', key, '', 'ringside store', 12)).toString('hex');
}

/** Where the key lies when none is configured. */
export function secretKeyFile(dataDir: string): string {
  return join(dataDir, 'secret.key');
}

/**
 * The configured key; without one, that of a file beside the store which is made at the first start, readable to the
 * server's user alone. Whoever copies the store does not have it unless they copy that file too.
 * @throws Error that names the file where it can be neither read nor made, or holds no key
 */
export function secretKeyOf(configured: Buffer | null, dataDir: string): Buffer {
  if (configured) return configured;
  const path = secretKeyFile(dataDir);
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true });
    createWhole(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
  }
  chmodSync(path, 0o600);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `${path} holds no key of ${KEY_BYTES} bytes in base64: put the copy there that was backed up, or, where this is the first start, delete it`,
  );
}
