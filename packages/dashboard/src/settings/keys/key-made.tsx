import type { ApiKeyMade } from '@ringside/protocol';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { ShownOnce } from '../../ui/shown-once.tsx';

/** A new key in the only moment in which it can be read. */
export function KeyMade({ made, onClose }: { readonly made: ApiKeyMade; readonly onClose: () => void }) {
  return (
    <Dialog title={`The key “${made.name}” is ready`} onClose={onClose} held>
      <p className="mb-4 text-ink-2">Put it where whoever uses it looks for it, such as a store of secrets.</p>
      <ShownOnce label="Key" value={made.key} />
      <DialogActions>
        <Button onClick={onClose}>I have stored it</Button>
      </DialogActions>
    </Dialog>
  );
}
