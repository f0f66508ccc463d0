import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '@ringside/protocol';
import { DEFAULT_WORKSPACE } from '../../store/limits.ts';
import type { Account, Accounts } from '../accounts.ts';
import { Fields } from './fields.ts';
import { type Params, param, parseForm } from './form.ts';
import { otherReading } from './one-reading.ts';
import { verifySignature } from './signature.ts';

/** A callback as it came, before anybody believes it. */
export interface PlivoCallback {
  readonly method: 'GET' | 'POST';
  /** Path and query as sent. */
  readonly target: string;
  readonly query: string;
  readonly body: string;
  readonly nonce: string;
  readonly signatures: readonly string[];
}

export type CallbackCheck =
  | {
      readonly valid: true;
      readonly account: Account;
      readonly nonce: SignedNonce;
      readonly fields: Fields;
    }
  | { readonly valid: false; readonly code: ErrorCode; readonly reason: string; readonly url: string };

/** What a signature was made over, once: another body under the same nonce is no redelivery but a forgery. */
export interface SignedNonce {
  /** Hash of account and nonce. */
  readonly key: number;
  /** Hash of the parameters, whatever their order. */
  readonly content: number;
}

/** @param target path and query exactly as they stood in the request line */
export function callbackOf(method: string, target: string, headers: IncomingHttpHeaders, body: string): PlivoCallback {
  const cut = target.indexOf('?');
  const isGet = method === 'GET';
  return {
    method: isGet ? 'GET' : 'POST',
    target,
    query: cut < 0 ? '' : target.slice(cut + 1),
    // Nobody signs the body of a GET, so it says nothing.
    body: isGet ? '' : body,
    nonce: headerOf(headers, 'x-plivo-signature-v3-nonce'),
    signatures: [headerOf(headers, 'x-plivo-signature-v3'), headerOf(headers, 'x-plivo-signature-ma-v3')].filter(
      Boolean,
    ),
  };
}

/** What is needed to check a callback. */
export interface CheckContext {
  readonly publicUrls: readonly string[];
  readonly accounts: Pick<Accounts, 'candidates' | 'any'>;
  /** Workspace that the callback's URL or its deliverer names. */
  readonly workspace: string | null;
  /** Workspace of callbacks that name neither workspace nor account. */
  readonly usual: string;
}

/** The path as it stood in the request line. */
export function pathOf({ target }: Pick<PlivoCallback, 'target'>): string {
  const [path = ''] = target.split('?', 1);
  return path;
}

/** Why a callback cannot be checked, whoever signed it. */
export interface Flaw {
  readonly code: ErrorCode;
  readonly reason: string;
}

/** What is wrong with a callback before any token is known; `null`: its signature decides. */
export function flawOf({ target, nonce, signatures }: PlivoCallback): Flaw | null {
  if (target.includes('#')) return { code: 'validation-failed', reason: FRAGMENT };
  if (signatures.length === 0 || nonce === '') return { code: 'signature-invalid', reason: UNSIGNED };
  return NONCE.test(nonce) ? null : { code: 'signature-invalid', reason: ODD_NONCE };
}

/**
 * Believes a callback if any configured public URL and any live token of the account that it names give one of its
 * signatures, and what was signed can be read in one way only.
 */
export function checkCallback(callback: PlivoCallback, context: CheckContext): CallbackCheck {
  const { publicUrls, accounts, workspace, usual } = context;
  const path = pathOf(callback);
  const url = `${publicUrls[0] ?? ''}${path}`;
  const refuse = (code: ErrorCode, reason: string): CallbackCheck => ({ valid: false, code, reason, url });
  const flaw = flawOf(callback);
  if (flaw) return refuse(flaw.code, flaw.reason);
  const form = parseForm(callback.body);
  const params = parseForm(callback.query);
  const authId = param(form, 'ParentAuthID') ?? param(params, 'ParentAuthID');
  const candidates = accounts.candidates({ workspace, authId, usual });
  if (!candidates.some(({ tokens }) => tokens.length > 0))
    return refuse(...unknownAccount(workspace ?? usual, authId, accounts.any));
  const { method, nonce, signatures } = callback;
  const request = { method, query: params, body: form, nonce, signatures };
  const signers = candidates.filter(({ tokens }) =>
    publicUrls.some((base) => verifySignature({ ...request, address: base + path }, tokens)),
  );
  const [account] = signers;
  if (!account) {
    const detail = `The signature does not match ${url}. Compare this with the URL given to Plivo, and PUBLIC_URL and PLIVO_AUTH_TOKEN (or the provider account here) with your account.`;
    return refuse('signature-invalid', detail);
  }
  if (signers.some((other) => other.workspace !== account.workspace)) {
    return refuse(
      'account-ambiguous',
      'Several workspaces have this account: give Plivo URLs under /w/<workspace>/plivo/.',
    );
  }
  const fields = new Fields(params, form);
  const other = otherReading(fields);
  if (other !== null) return refuse('signature-invalid', `${AMBIGUOUS}: ${other}.`);
  const signed = { key: shortHash(`${account.id} ${nonce}`), content: shortHash(textOf(params, form)) };
  return { valid: true, account, nonce: signed, fields };
}

/** The signed text has a full stop before the nonce: with one inside, the end of the body could be part of it. */
const NONCE = /^[A-Za-z0-9]{1,256}$/;
const ODD_NONCE = 'The nonce of the signature holds more than letters and digits.';
const FRAGMENT = 'The URL holds a #: what stands behind it is not signed. Plivo sends none.';
const AMBIGUOUS = 'The signature matches, but the text that was signed can be read as other fields';
const UNSIGNED =
  'The callback carries no V3 signature and nonce. Callbacks must come from Plivo, through nothing that drops headers.';

function unknownAccount(workspace: string, authId: string | null, isSetUp: boolean): [ErrorCode, string] {
  // Nobody has signed it: what stands in logs and the intake report must not be anybody's essay.
  const account = authId !== null && /^\w{1,64}$/.test(authId) ? authId : 'that it could be from';
  const advice = `Add it as a provider account of its workspace${workspace === DEFAULT_WORKSPACE ? ', or set PLIVO_AUTH_ID and PLIVO_AUTH_TOKEN and restart' : ''}.`;
  const reason = `There is no Plivo account ${account} with a token here, so the callback cannot be checked. ${advice}`;
  return [isSetUp ? 'account-unknown' : 'plivo-token-missing', reason];
}

/** Tells apart parameters that the signed text, which has no separators, does not. */
function textOf(query: Params, body: Params): string {
  const sorted = (params: Params) =>
    Object.keys(params)
      .sort()
      .map((name) => [name, params[name]]);
  return JSON.stringify([sorted(query), sorted(body)]);
}

/** 52 bits: as much of a hash as a number holds exactly, and far beyond what a forger could match by chance. */
function shortHash(text: string): number {
  return Number.parseInt(hash('sha256', text).slice(0, 13), 16);
}

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value.join(',') : value) ?? '';
}
