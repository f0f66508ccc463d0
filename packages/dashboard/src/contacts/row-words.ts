import type { RowProblem, UploadAnswer } from '@ringside/protocol';
import { counted, formatCount } from '../format.ts';

/** Which rows are left out, as it stands behind their count. */
export const problemWords: Readonly<Record<RowProblem, string>> = {
  'invalid-number': 'with a number that cannot be called',
  'no-number': 'without a number',
  duplicate: 'with a number that stands twice',
  'duplicate-id': 'with a contact id that stands twice',
  'do-not-call': 'on the do-not-call list',
  unreadable: 'that cannot be read',
  'bad-value': 'with a value that cannot be used',
};

/** Reasons with their counts, the most frequent first. */
export function reasonsOf({ reasons }: Pick<UploadAnswer, 'reasons'>): readonly (readonly [RowProblem, number])[] {
  return (Object.entries(reasons) as [RowProblem, number][])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
}

/** `1,176 of 1,200 rows become contacts; 24 will be skipped.` */
export function previewLine({ accepted, rejected }: Pick<UploadAnswer, 'accepted' | 'rejected'>): string {
  const rows = accepted + rejected;
  if (rows === 0) return 'The file has no rows.';
  if (rejected === 0)
    return rows === 1 ? 'The one row becomes a contact.' : `All ${formatCount(rows)} rows become contacts.`;
  if (accepted === 0) return `None of the ${counted(rows, 'row')} can be used.`;
  return `${formatCount(accepted)} of ${counted(rows, 'row')} become contacts; ${formatCount(rejected)} will be skipped.`;
}
