import type { Interval } from '../active-time.ts';
import { MINUTE_MS, type Rollup, SLOT_MS, SLOTS_PER_MINUTE, total } from '../rollup.ts';
import type { PaceSlot } from './types.ts';

/** Two hours of dialing tell the pace; older slots say little about the rest. */
const KEPT_SLOTS = 720;
/** Five days: far enough to look across a weekend of closed hours. */
const SCANNED_SLOTS = 43_200;

/**
 * The newest whole slots that lie in active time, oldest first. Live calls are counted backwards from those of now,
 * so the cost does not grow with the age of the campaign.
 */
export function paceSlots(rollup: Rollup, active: readonly Interval[], now: number): PaceSlot[] {
  const slots: PaceSlot[] = [];
  const first = active[0]?.from ?? now;
  let live = total(rollup, 'attempts') - total(rollup, 'ended');
  let interval = active.length - 1;
  let at = Math.floor(now / SLOT_MS) * SLOT_MS;
  for (let scanned = 0; scanned < SCANNED_SLOTS && slots.length < KEPT_SLOTS && at >= first - SLOT_MS; scanned++) {
    const { started, ended } = countsAt(rollup, at);
    while (interval >= 0 && (active[interval]?.from ?? 0) > at) interval--;
    const around = active[interval];
    if (around && at + SLOT_MS <= Math.min(now, around.to)) slots.push({ at, started, ended, live });
    live = Math.max(0, live - started + ended);
    at -= SLOT_MS;
  }
  return slots.reverse();
}

function countsAt(rollup: Rollup, at: number): { started: number; ended: number } {
  const counts = rollup.minutes.get(Math.floor(at / MINUTE_MS));
  if (counts === undefined) return { started: 0, ended: 0 };
  const slot = Math.floor(at / SLOT_MS) % SLOTS_PER_MINUTE;
  return { started: counts.get(`s${slot}`) ?? 0, ended: counts.get(`e${slot}`) ?? 0 };
}
