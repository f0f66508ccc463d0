import type { Rate } from '@ringside/protocol';
import type { RateWord } from '../definitions.ts';
import { formatCount, percentOf, plain } from '../format.ts';

/** What a share is of. Without its interval where nobody worked that out. */
export type Share = Pick<Rate, 'value' | 'numerator' | 'denominator'> & Partial<Pick<Rate, 'low' | 'high'>>;

/** What a share means, and what it is made of now. */
export function RateDefinition({ word, rate }: { readonly word: RateWord; readonly rate: Share }) {
  const { low, high } = rate;
  return (
    <>
      {word.meaning}
      <ShareLine rate={rate} counts={word.counts} of={word.of} />
      {low != null && high != null && (
        <span className="block">
          With 95 % confidence between {plain(percentOf(low))} and {plain(percentOf(high))}.
        </span>
      )}
    </>
  );
}

interface ShareLineProps {
  readonly rate: Share;
  readonly counts: string;
  readonly of: string;
}

/** `157 answered of 500 ended calls = 31.4 %` */
export function ShareLine({ rate: { value, numerator, denominator }, counts, of }: ShareLineProps) {
  return (
    <span className="mt-1 block font-medium tabular-nums">
      {formatCount(numerator)} {counts} of {formatCount(denominator)} {of}
      {value !== null && ` = ${plain(percentOf(value))}`}
    </span>
  );
}

/** A share of counts on the page, such as of the ended calls. */
export function shareOf(numerator: number, denominator: number): Share {
  return { value: denominator === 0 ? null : (100 * numerator) / denominator, numerator, denominator };
}
