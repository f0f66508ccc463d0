import { useState } from 'react';

interface Shown {
  readonly text: string;
  /** How many characters, from the left, are as before. */
  readonly kept: number;
  readonly change: number;
}

/** A figure whose changed digits are tinted for a moment; nothing moves. */
export function Ticker({ text }: { readonly text: string }) {
  const [shown, setShown] = useState<Shown>({ text, kept: text.length, change: 0 });
  if (shown.text !== text) setShown({ text, kept: keptOf(shown.text, text), change: shown.change + 1 });
  const rest = text.slice(shown.kept);
  return (
    <span className="tabular-nums">
      {text.slice(0, shown.kept)}
      {rest && (
        <span key={shown.change} className="animate-tint rounded-[3px]">
          {rest}
        </span>
      )}
    </span>
  );
}

/** Of another length: all is new, as digits have changed their places. */
function keptOf(before: string, now: string): number {
  if (before.length !== now.length) return 0;
  let kept = 0;
  while (kept < now.length && before[kept] === now[kept]) kept += 1;
  return kept;
}
