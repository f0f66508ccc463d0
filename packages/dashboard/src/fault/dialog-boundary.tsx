import type { ReactNode } from 'react';
import { useClient } from '../client-context.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { FaultBody } from './fault-body.tsx';
import { pageFault } from './fault-detail.ts';
import { FAULT_WORDS } from './fault-panel.tsx';
import { reportFault } from './report-fault.ts';
import { useAddress } from './use-address.ts';

interface DialogBoundaryProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Holds the faults of a dialog, so that the page under it goes on working. */
export function DialogBoundary({ onClose, children }: DialogBoundaryProps) {
  const client = useClient();
  return (
    <ErrorBoundary
      address={useAddress()}
      onFault={(error) => reportFault(client, pageFault(error, location.pathname))}
      fallback={(fault, retry) => (
        <Dialog title="This could not be shown" onClose={onClose}>
          <p className="text-ink-2">{FAULT_WORDS}</p>
          <FaultBody fault={fault} />
          <DialogActions>
            <Button onClick={onClose}>Close</Button>
            <Button kind="primary" onClick={retry} data-first>
              Try again
            </Button>
          </DialogActions>
        </Dialog>
      )}
    >
      {children}
    </ErrorBoundary>
  );
}
