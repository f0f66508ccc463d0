/** Where a key is changed. @param rest such as `/rotate` */
export function keyPath(id: string, workspace: string, rest = ''): string {
  return `/v1/keys/${encodeURIComponent(id)}${rest}?workspace=${encodeURIComponent(workspace)}`;
}
