import { useState } from 'react';
import { frozenOrder } from './list-order.ts';

/** The wanted order, but nothing changes places while `frozen`. */
export function useFrozenOrder(wanted: readonly string[], frozen: boolean): readonly string[] {
  const [shown, setShown] = useState(wanted);
  const next = frozen ? frozenOrder(shown, wanted) : wanted;
  if (next.length !== shown.length || next.some((id, index) => id !== shown[index])) setShown(next);
  return next;
}
