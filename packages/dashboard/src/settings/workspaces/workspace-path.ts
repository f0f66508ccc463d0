/** Where a workspace is changed. */
export function workspacePath(id: string): string {
  return `/v1/workspaces/${encodeURIComponent(id)}`;
}
