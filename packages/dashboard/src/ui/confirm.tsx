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
  /** It was done. */
  readonly onDone: () => unknown;
  readonly onClose: () => void;
}

/** Asks before something ends that people or programs use. */
export function Confirm({ title, children, action, run, onDone, onClose }: ConfirmProps) {
  const { mutate, isPending, error } = useMutation({ mutationFn: run, onSuccess: onDone });
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="space-y-2 text-ink-2">{children}</div>
      <Failure error={error} />
      <DialogActions>
        <Button onClick={onClose} data-first>
          Keep it
        </Button>
        <Button kind="danger" disabled={isPending} onClick={() => mutate()}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
