import { useMay } from '../session/session-context.ts';
import { classes } from '../ui/classes.ts';
import { ConnectCard } from './connect-card.tsx';
import { NewCampaignCard } from './new-campaign-card.tsx';
import { SimulationCard } from './simulation-card.tsx';

/** One below the other; then one above two; then all in a row. */
const SIDE_BY_SIDE =
  'md:grid-cols-2 md:max-lg:[&>:first-child:nth-last-child(3)]:col-span-2 lg:auto-cols-fr lg:grid-flow-col lg:grid-cols-none';

/** A workspace without campaigns: the ways to the first one. It gives way to the list at the first event. */
export function FirstPage() {
  const mayOperate = useMay('operate');
  const mayAdminister = useMay('administer');
  return (
    <>
      <h2 className="mt-8 text-20 font-semibold tracking-tight max-sm:mt-4">No campaigns yet</h2>
      <p className="mt-1 mb-6 max-w-150 text-ink-2">
        As soon as the first call is reported, this page turns into your live list by itself.
      </p>
      <div className={classes('grid gap-4', mayOperate ? SIDE_BY_SIDE : 'max-w-150')}>
        <ConnectCard />
        {mayOperate && <NewCampaignCard />}
        {mayAdminister && <SimulationCard />}
      </div>
    </>
  );
}
