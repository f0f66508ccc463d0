import { rowOf, rowsOf, type Steps } from '../../store/access/steps.ts';
import { counted } from '../terminal.ts';
import { type Check, worst } from './check.ts';

const HOUR_MS = 3_600_000;

interface List {
  readonly campaign_id: string;
  readonly contacts: number;
  readonly excluded: string;
  readonly stored: number;
  readonly stored_excluded: number;
}

/** Whether lists are what they are counted as, and whether attempts come to their end. Nothing is said where nobody dials. */
export function* checkDialing(now: number): Steps<readonly Check[]> {
  const name = 'dialing';
  const lists = yield* rowsOf<List>(
    `SELECT campaign_id, contacts - retired AS contacts, excluded,
            (SELECT count(*) FROM list_contacts WHERE list_contacts.campaign_key = lists.campaign_key) AS stored,
            (SELECT count(*) FROM list_contacts WHERE list_contacts.campaign_key = lists.campaign_key
                AND list_contacts.attempts = 0 AND list_contacts.excluded IS NOT NULL) AS stored_excluded
     FROM lists ORDER BY workspace, campaign_id`,
  );
  if (lists.length === 0) return [];
  const checks: Check[] = [];
  const wrong = lists.filter(isWrong);
  if (wrong.length > 0) {
    const first = wrong[0]?.campaign_id ?? '';
    const says = `${counted(wrong.length, 'list')} not as counted, the first is that of campaign ${first}`;
    const todo = 'Please report it. What is dialed goes by the contacts themselves, not by these counts.';
    checks.push({ name, status: 'failed', says, todo });
  }
  const left = yield* unsettled(now);
  if (left > 0) {
    const says = `${counted(left, 'attempt')} whose call ended over an hour ago, not settled`;
    const todo = 'See that a server runs: it decides whether these contacts are called again.';
    checks.push({ name, status: 'warning', says, todo });
  }
  const doubtful = yield* rowOf<{ n: number }>(
    "SELECT count(*) AS n FROM attempts WHERE state = 'in-doubt' AND needs_person = 1",
  );
  if (doubtful !== null && doubtful.n > 0) {
    const says = `${counted(doubtful.n, 'attempt')} of which nobody knows whether it was placed`;
    const todo = 'Somebody must decide: the contacts are not called meanwhile.';
    checks.push({ name, status: 'warning', says, todo });
  }
  return worst(name, checks, `${counted(lists.length, 'list')}, all as counted`);
}

function isWrong({ contacts, excluded, stored, stored_excluded: storedExcluded }: List): boolean {
  const reasons = Object.values(JSON.parse(excluded) as Record<string, number>);
  return contacts !== stored || storedExcluded !== reasons.reduce((sum, count) => sum + count, 0);
}

function* unsettled(now: number): Steps<number> {
  const row = yield* rowOf<{ n: number }>(
    `SELECT count(*) AS n FROM attempts
     JOIN calls ON calls.campaign_key = attempts.campaign_key AND calls.call_row = attempts.attempt_id
     WHERE attempts.settled_at IS NULL AND calls.ended_at < $1`,
    now - HOUR_MS,
  );
  return row?.n ?? 0;
}
