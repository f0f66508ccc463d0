import { Link } from 'wouter';
import { useIsShared } from '../session/session-context.ts';
import { classes } from '../ui/classes.ts';

interface CampaignLinkProps {
  readonly id: string;
  readonly name: string;
  /** Of the link only, such as what lets it cover its row. */
  readonly className: string;
}

/** A campaign’s name, which leads to its page; in a shared overview there is none to lead to. */
export function CampaignLink({ id, name, className }: CampaignLinkProps) {
  const shape = 'font-medium normal-nums';
  if (useIsShared()) return <span className={shape}>{name}</span>;
  return (
    <Link href={`/campaigns/${encodeURIComponent(id)}`} className={classes(shape, className)}>
      {name}
    </Link>
  );
}
