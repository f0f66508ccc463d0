/** Where an account is changed. */
export function accountPath(id: string): string {
  return `/v1/provider-accounts/${encodeURIComponent(id)}`;
}
