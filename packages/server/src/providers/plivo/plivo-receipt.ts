import type { PlivoReceipt } from '../../ingest/receipt.ts';
import { type Params, parseForm } from './form.ts';
import { normalisePlivo } from './normalise.ts';

/** A verified callback: query and body as they came. */
export interface VerifiedCallback {
  readonly workspace: string;
  readonly receivedAt: number;
  readonly query: string;
  readonly body: string;
}

/**
 * The receipt of a verified callback.
 * @param timeZone zone of console times where the callback does not show it
 * @param form its body, where that is decoded already
 */
export function plivoReceipt(
  { workspace, receivedAt, query, body }: VerifiedCallback,
  timeZone: string,
  form: Params = parseForm(body),
): PlivoReceipt {
  const meaning = normalisePlivo(parseForm(query), form, { receivedAt, timeZone });
  return { kind: 'plivo', workspace, receivedAt, query, body, meaning };
}
