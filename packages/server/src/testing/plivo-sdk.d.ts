declare module 'plivo/dist/utils/v3Security.js' {
  /** The vendor's check, used as an oracle. It sorts arrays of `params` in place. */
  export function validateV3Signature(
    method: 'GET' | 'POST',
    uri: string,
    nonce: string,
    authToken: string,
    signatures: string,
    params?: Record<string, string | string[] | undefined>,
  ): boolean;
}
