/** What every route that needs a permission is tried with. Ids are those of the workspace that owns them. */
export interface Owned {
  readonly campaignId: string;
  readonly callId: string;
  readonly keyId: string;
  readonly accountId: string;
  readonly shareId: string;
  readonly workspaceId: string;
}

export interface RouteSample {
  readonly body?: unknown;
  /** Somebody else's thing is named in the path, so another workspace is told that there is none. */
  readonly owned?: true;
}

const { stringify } = JSON;
const leadRules = {
  ...{ base: 1, talk: [], calleeHungUpWithin: null, digits: {}, anyDigits: 0, hotFrom: 70, warmFrom: 40 },
};

/** By method and route. Order matters where one ends what another needs: such routes stand last. */
export const routeSamples: Readonly<Record<string, RouteSample>> = {
  'GET /v1/campaigns': {},
  'POST /v1/campaigns': { body: { id: 'sample', name: 'Sample' } },
  'GET /v1/campaigns/:id': { owned: true },
  'PATCH /v1/campaigns/:id': { owned: true, body: { name: 'Renamed' } },
  'POST /v1/campaigns/:id/start': { owned: true, body: {} },
  'POST /v1/campaigns/:id/pause': { owned: true, body: {} },
  'POST /v1/campaigns/:id/resume': { owned: true, body: {} },
  'POST /v1/campaigns/:id/cancel': { owned: true, body: {} },
  'POST /v1/campaigns/:id/retry-failed': { owned: true, body: {} },
  'POST /v1/campaigns/:id/confirm': { owned: true, body: { id: 'ord_sample', confirmed: true } },
  'GET /v1/campaigns/:id/timeline': { owned: true },
  'GET /v1/campaigns/:id/report': { owned: true },
  'GET /v1/campaigns/:id/live': { owned: true },
  'GET /v1/campaigns/:id/calls': { owned: true },
  'GET /v1/campaigns/:id/calls.csv': { owned: true },
  'GET /v1/campaigns/:id/calls.ndjson': { owned: true },
  'GET /v1/campaigns/:id/calls/:callId': { owned: true },
  'POST /v1/campaigns/:id/calls/:callId/lead': { owned: true, body: { leadStatus: 'hot' } },
  'GET /v1/campaigns/:id/contacts': { owned: true },
  'GET /v1/campaigns/:id/contacts.csv': { owned: true },
  'GET /v1/campaigns/:id/contacts.ndjson': { owned: true },
  'POST /v1/campaigns/:id/contacts': { owned: true },
  'GET /v1/do-not-call': {},
  'POST /v1/do-not-call': { body: { numbers: ['+15005550007'] } },
  'POST /v1/do-not-call/remove': { body: { number: '+15005550007' } },
  'GET /v1/attempts/doubtful': {},
  'POST /v1/attempts/doubtful/:attemptId': { owned: true, body: { placed: false, reason: 'no such call' } },
  'POST /plivo/current-campaign-report': { owned: true, body: { campaignId: ':id' } },
  'POST /v1/events': { body: { events: [] } },
  'POST /v1/providers/plivo/raw': { body: { method: 'POST', url: 'https://x.example/', headers: {} } },
  'GET /v1/overview': {},
  'GET /v1/overview/live': {},
  'GET /v1/intake': {},
  'GET /v1/session': {},
  'POST /v1/live/tickets': { body: {} },
  'POST /v1/page-faults': { body: { message: 'Error: sample', address: '/', place: null, version: '0.0.0' } },
  'GET /v1/settings': {},
  'PUT /v1/settings': { body: { leadRules } },
  'PUT /v1/settings/control-webhook': { body: { url: 'http://127.0.0.1:9/' } },
  'GET /v1/settings/control-webhook': {},
  'POST /v1/settings/lead-rules/preview': { body: { leadRules } },
  'POST /v1/settings/lead-rules/apply': { body: { campaignIds: ['sample'] } },
  'GET /v1/simulation': {},
  'POST /v1/simulation': { body: {} },
  'DELETE /v1/simulation': {},
  'GET /v1/audit': {},
  'GET /v1/audit.csv': {},
  'GET /v1/audit.ndjson': {},
  'GET /v1/erasures': {},
  'POST /v1/erasures': { body: { number: '+15005550006' } },
  'GET /metrics': {},
  'GET /v1/workspaces': {},
  'POST /v1/workspaces': { body: { id: 'sample' } },
  'GET /v1/workspaces/:workspaceId': { owned: true },
  'PATCH /v1/workspaces/:workspaceId': { owned: true, body: { name: 'Renamed' } },
  'GET /v1/provider-accounts': {},
  'POST /v1/provider-accounts': { body: { authId: 'MASAMPLE', token: 'sample-token' } },
  'PATCH /v1/provider-accounts/:accountId': { owned: true, body: { name: 'Renamed' } },
  'GET /v1/share-links': {},
  'POST /v1/share-links': { body: {} },
  'GET /v1/keys': {},
  'POST /v1/keys': { body: { name: 'Sample', role: 'viewer' } },
  'PATCH /v1/keys/:keyId': { owned: true, body: { name: 'Renamed' } },
  'POST /v1/keys/:keyId/rotate': { owned: true, body: { graceSeconds: 60 } },
  'DELETE /v1/provider-accounts/:accountId': { owned: true },
  'DELETE /v1/share-links/:shareId': { owned: true },
  'DELETE /v1/keys/:keyId': { owned: true },
  'DELETE /v1/settings/control-webhook': {},
  'DELETE /v1/session': {},
};

const callbackPrefixes = ['/plivo', '/webhooks/plivo', '/w/:workspace/plivo', '/w/:workspace/webhooks/plivo'];
const callbacks = ['ring-url', 'hangup-url', 'machine-detection', 'answer-url'];

/** Routes that answer anybody, and those that check a signature themselves; unsigned here. */
export const openSamples: Readonly<Record<string, RouteSample>> = {
  'GET /healthz': {},
  'GET /readyz': {},
  'GET /openapi.json': {},
  'GET /docs': {},
  'GET /docs/style.css': {},
  'GET /': {},
  'GET /assets/*': {},
  'GET /campaigns/*': {},
  'GET /new': {},
  'GET /new/*': {},
  'GET /settings': {},
  'GET /settings/*': {},
  'GET /sign-in': {},
  'GET /s/:shareId': {},
  'OPTIONS /*': {},
  'POST /s/:shareId/session': { body: { secret: 'none' } },
  'POST /v1/session': { body: { key: 'none' } },
  ...Object.fromEntries(
    callbackPrefixes.flatMap((prefix) =>
      callbacks.flatMap((callback) =>
        ['GET', 'POST'].map((method): [string, RouteSample] => [`${method} ${prefix}/${callback}`, {}]),
      ),
    ),
  ),
};

/** The path and body of a sample, with the ids filled in. */
export function fill(route: string, { body }: RouteSample, owned: Owned): { path: string; body: string | undefined } {
  const path = (route.split(' ')[1] ?? '')
    .replace(':id', owned.campaignId)
    .replace(':callId', owned.callId)
    .replace(':keyId', owned.keyId)
    .replace(':accountId', owned.accountId)
    .replace(':shareId', owned.shareId)
    .replace(':workspaceId', owned.workspaceId)
    .replace(':workspace', owned.workspaceId)
    .replace('*', 'x');
  return { path, body: body === undefined ? undefined : stringify(body).replace('":id"', stringify(owned.campaignId)) };
}
