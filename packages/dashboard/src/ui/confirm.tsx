import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { Failure } from './failure.tsx';

interface ConfirmProps {
  readonly title: string;
  /** What follows from it. */
  readonly children: ReactNode;
  /** What is done, as the button says it. */
  readonly action: string;
  readonly run: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something ends that people or programs use. */
export function Confirm({ title, children, action, run, onClose }: ConfirmProps) {
  const { mutate, isPending, error } = useMutation({ mutationFn: run, onSuccess: onClose });
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="space-y-2 text-ink-2">{children}</div>
      <Failure error={error} />
      <DialogActions>
        {/* biome-ignore lint/a11y/noAutofocus: in a dialog that asks, the harmless answer has the focus */}
        <Button onClick={onClose} autoFocus>
          Keep it
        </Button>
        <Button kind="danger" disabled={isPending} onClick={() => mutate()}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
