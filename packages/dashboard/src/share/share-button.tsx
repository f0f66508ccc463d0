import { Share2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useMay } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { lazilyDialog } from '../ui/lazily.tsx';

const ShareDialog = lazilyDialog(() => import('./share-dialog.tsx').then(({ ShareDialog }) => ShareDialog));

interface ShareButtonProps {
  /** `null`: the overview. */
  readonly campaignId: string | null;
  readonly name: string;
}

/** Shares what is shown, for who may. */
export function ShareButton({ campaignId, name }: ShareButtonProps) {
  const [open, setOpen] = useState(false);
  if (!useMay('operate')) return null;
  return (
    <>
      <Button small onClick={() => setOpen(true)} aria-haspopup="dialog">
        <Share2 aria-hidden="true" className="size-3.5" />
        <span className="max-sm:sr-only">Share</span>
      </Button>
      {open && (
        <Suspense>
          <ShareDialog campaignId={campaignId} name={name} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
