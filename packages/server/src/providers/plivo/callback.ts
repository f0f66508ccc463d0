import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '@ringside/protocol';
import { DEFAULT_WORKSPACE } from '../../store/limits.ts';
import type { Account, Accounts } from '../accounts.ts';
import { type Params, param, parseForm } from './form.ts';
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
      /** The body and the query, decoded. */
      readonly form: Params;
      readonly params: Params;
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
  return {
    method: method === 'GET' ? 'GET' : 'POST',
    target,
    query: cut < 0 ? '' : target.slice(cut + 1),
    body,
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

/**
 * Believes a callback if any configured public URL and any live token of the account that it names give one of its
 * signatures.
 */
export function checkCallback(callback: PlivoCallback, context: CheckContext): CallbackCheck {
  const { publicUrls, accounts, workspace, usual } = context;
  const url = `${publicUrls[0] ?? ''}${callback.target.split('?', 1)[0]}`;
  const refuse = (code: ErrorCode, reason: string): CallbackCheck => ({ valid: false, code, reason, url });
  if (!isSigned(callback)) return refuse('signature-invalid', UNSIGNED);
  const form = parseForm(callback.body);
  const params = parseForm(callback.query);
  const authId = param(form, 'ParentAuthID') ?? param(params, 'ParentAuthID');
  const candidates = accounts.candidates({ workspace, authId, usual });
  if (!candidates.some(({ tokens }) => tokens.length > 0))
    return refuse(...unknownAccount(workspace ?? usual, authId, accounts.any));
  const { method, nonce, signatures } = callback;
  const signers = candidates.filter(({ tokens }) =>
    publicUrls.some((base) =>
      verifySignature({ method, url: base + callback.target, body: form, nonce, signatures }, tokens),
    ),
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
  const signed = { key: shortHash(`${account.id} ${nonce}`), content: shortHash(textOf(params, form)) };
  return { valid: true, account, nonce: signed, form, params };
}

/** Whether it carries a signature at all, right or wrong. */
export function isSigned({ signatures, nonce }: PlivoCallback): boolean {
  return signatures.length > 0 && nonce !== '';
}

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
