import { Button } from '../../ui/button.tsx';
import { DialogActions } from '../../ui/dialog.tsx';
import { ShownOnce } from '../../ui/shown-once.tsx';

interface SecretShownProps {
  readonly secret: string;
  readonly onStored: () => void;
}

/** What commands are signed with, in the only moment in which it can be read. */
export function SecretShown({ secret, onStored }: SecretShownProps) {
  return (
    <>
      <p className="mb-4 text-ink-2">Give it to your dialer, which checks with it that a command comes from here.</p>
      <ShownOnce label="Secret" value={secret} />
      <DialogActions>
        <Button onClick={onStored}>I have stored it</Button>
      </DialogActions>
    </>
  );
}
