import type { Eraser } from '@ringside/core';
import { admit } from '../privacy/admission.ts';
import { readWanted } from './call-rows.ts';
import type { Item } from './campaign-writer.ts';
import type { LockedCampaign } from './locked-campaign.ts';
import { driveLater } from './refold.ts';
import type { Session } from './session.ts';

/** Items as they may be stored where numbers were erased and records deleted; `null` for what came too late. */
export async function admitItems<T extends Item>(
  session: Session,
  { name, state, deletedBefore }: LockedCampaign,
  items: readonly T[],
  eraser: Eraser | null,
): Promise<readonly (T | null)[]> {
  if (!eraser && deletedBefore === null) return items;
  const deliveries = items.map(({ delivery }) => delivery);
  const read = (wanted: Parameters<typeof readWanted>[2]) => readWanted(session, name.key, wanted);
  const admitted = await driveLater(admit(deliveries, { eraser, state, deletedBefore }), read);
  return items.map((item, index) => {
    const fitting = admitted[index];
    if (!fitting || fitting === 'past-retention') return null;
    return fitting.isRewritten ? { ...item, delivery: fitting.delivery, raw: null } : item;
  });
}
