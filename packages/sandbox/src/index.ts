export type { ApiSummary } from './call-api/api-summary.ts';
export type { PostEntry } from './call-api/call-book.ts';
export { type ContactEntry, type ContactLedger, type ContactState, contactLedger } from './call-api/contact-ledger.ts';
export { startControlServer } from './call-api/control-server.ts';
export type { ApiAccount } from './call-api/line.ts';
export type { CallApiOptions } from './call-api/options.ts';
export type { PlacedCall } from './call-api/placed-call.ts';
export { type FaultControl, type FaultSettings, type PostFault, postFaults } from './call-api/post-faults.ts';
export { type CallApi, startCallApi } from './call-api/start-call-api.ts';
export { type ApiBody, callDetailRecord, type DetailContext } from './call-detail-record.ts';
export { type CallDetailOptions, type CallDetailServer, startCallDetailServer } from './call-detail-server.ts';
export { type Account, type CallbackKind, callbackRequest, callbackUrl } from './callback.ts';
export { consoleTime, offsetTime, sessionTime } from './console-time.ts';
export { deliveryPolicy } from './delivery.ts';
export { type Effects, realEffects } from './effects.ts';
export { type Faults, noFaults } from './faults.ts';
export {
  type Bill,
  billOf,
  type CallEnd,
  type CallFacts,
  type Form,
  hangupForm,
  machineForm,
  ringForm,
  startAppForm,
} from './forms.ts';
export { type HangupCause, type HangupCode, hangupCauses } from './hangup-causes.ts';
export { createHttpClient, type HttpClient, type HttpRequest, type Reply } from './http.ts';
export { type CallPlan, contactNumber, isRetried, outcomeOf, type PlanKey, planCall } from './plan.ts';
export { seededRandom, seededUuid } from './random.ts';
export {
  asDelivered,
  asReconciled,
  type CallRecord,
  type Fate,
  type RunRecord,
  summarise,
  type Totals,
  type Traffic,
  type Undelivered,
} from './record.ts';
export { RefusedError } from './ringside-api.ts';
export { dialingOf, type RunOptions, runCampaign } from './run-campaign.ts';
export { isScenarioName, type Scenario, type ScenarioName, scenarioNames, scenarios } from './scenarios.ts';
export { type Method, type SignedRequest, signatureHeaders, signV3 } from './signature.ts';
export { type Dialing, type Moment, type MomentKind, timeline } from './timeline.ts';
