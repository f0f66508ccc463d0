import type { ErrorCode } from '@ringside/protocol';

/** An upload that ends here: what of it was stored before stays, and its sender is told. */
export class UploadRefused extends Error {
  override readonly name = 'UploadRefused';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
