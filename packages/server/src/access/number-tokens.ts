import { createHmac, hkdfSync } from 'node:crypto';
import { erasedNumber, nationalDigits } from '@ringside/core';

const KEY_BYTES = 32;
/** Letters of a token: four bits each, so 96. */
const LETTERS = 24;

/**
 * Makes the tokens that stand for erased numbers. There are few enough phone numbers to try them all, so everything
 * here is keyed: with a key of the workspace's own, made of the server's secret key, which is not in the store.
 */
export class NumberTokens {
  readonly #key: Buffer;

  /** @param secretKey of the server */
  constructor(secretKey: Uint8Array, workspace: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secretKey, '', `ringside erasure ${workspace}`, KEY_BYTES));
  }

  /** @param number in its one spelling */
  token(number: string): string {
    return erasedNumber(letters(this.#mac(`number ${number}`).slice(0, LETTERS)));
  }

  /** What stands for digits inside an id. */
  digitsToken(digits: string): string {
    return erasedNumber(letters(this.#mac(`written ${digits}`).slice(0, LETTERS)));
  }

  /** By this the digits of an erased number are known again, with and without their country. */
  digitsHash(digits: string): string {
    return this.#mac(`digits ${digits.replace(/^0+/, '')}`).slice(0, LETTERS);
  }

  /** Hashes of the ways in which a number may be written inside an id. */
  digitsHashes(number: string): string[] {
    const national = nationalDigits(number) ?? '';
    const written = [number.replace(/\D/g, ''), national].filter((digits) => digits.length >= 7);
    return [...new Set(written.map((digits) => this.digitsHash(digits)))];
  }

  rehash(hash: string): string {
    return this.#mac(`delivery ${hash}`, 'base64url').slice(0, 11);
  }

  /** Shows that the key is the one with which something else was made. */
  probe(): string {
    return this.#mac('probe').slice(0, LETTERS);
  }

  #mac(text: string, encoding: 'hex' | 'base64url' = 'hex'): string {
    return createHmac('sha256', this.#key).update(text).digest(encoding);
  }
}

/** Hexadecimal digits as letters, for nothing may take a token for a number. */
function letters(hex: string): string {
  return [...hex].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('');
}
