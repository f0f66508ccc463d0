import type { ApiKeyCreate, ApiKeyMade, WorkspaceCreate } from '@ringside/protocol';
import type { TestServer } from './running-server.ts';

/** Makes a workspace, unless there is one, and a key in it. @returns the headers that use the key */
export async function workspaceKey(
  server: TestServer,
  workspace: string,
  key: Partial<ApiKeyCreate> = {},
  settings: Partial<WorkspaceCreate> = {},
): Promise<{ authorization: string }> {
  await server.send('POST', '/v1/workspaces', { id: workspace, ...settings });
  const made = await makeKey(server, { workspace, ...key });
  return { authorization: `Bearer ${made.key}` };
}

/** Makes a key with the admin key of the server. */
export async function makeKey(server: TestServer, key: Partial<ApiKeyCreate> = {}): Promise<ApiKeyMade> {
  const response = await server.send('POST', '/v1/keys', { name: 'Test', role: 'admin', ...key });
  if (response.status !== 201) throw new Error(`no key was made: ${response.status} ${await response.text()}`);
  return response.json();
}
