import { Plus } from 'lucide-react';
import { Link } from 'wouter';
import { useMay } from '../session/session-context.ts';

/** To the making of a campaign that Ringside dials, for who may. */
export function NewCampaignLink() {
  if (!useMay('operate')) return null;
  return (
    <Link
      href="/new"
      className="inline-flex h-8 shrink-0 items-center gap-1.5 rounded-md bg-ink px-2.5 font-medium whitespace-nowrap text-canvas hover:opacity-90 max-sm:h-9"
    >
      <Plus aria-hidden="true" className="size-4" />
      <span className="max-sm:sr-only">New campaign</span>
    </Link>
  );
}
