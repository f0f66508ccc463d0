import { useConnectionStatus } from '@ringside/client/react';
import { type ComponentType, createElement, type ReactNode, use, useEffect, useState, useTransition } from 'react';
import { useClient } from '../client-context.ts';
import { DialogBoundary } from '../fault/dialog-boundary.tsx';
import { pageFault } from '../fault/fault-detail.ts';
import { reportFault } from '../fault/report-fault.ts';
import { Button } from './button.tsx';
import { Dialog, DialogActions } from './dialog.tsx';

/** Why a part is not there: the server does not answer; or it does, and the part cannot be used. */
type Why = 'unreachable' | 'outdated';

class Missing {
  readonly why: Why;
  readonly error: unknown;

  constructor(why: Why, error: unknown) {
    this.why = why;
    this.error = error;
  }
}

interface NotLoadedProps {
  readonly why: Why;
  readonly retry: () => void;
  readonly busy: boolean;
}

/** A part of the page that is loaded when it is first shown. What could not be loaded says so in its place. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  return deferred(load, (missing) => (
    <div role="alert" className="px-6 py-12 text-center text-ink-2">
      <NotLoadedWords why={missing.why} />
      <div className="mt-3 flex justify-center gap-2">
        <NotLoadedActions {...missing} />
      </div>
    </div>
  ));
}

/** A dialog that is loaded when it is first opened. What could not be loaded says so in a dialog. */
export function lazilyDialog<P extends { readonly onClose: () => void }>(
  load: () => Promise<ComponentType<P>>,
): ComponentType<P> {
  const Content = deferred(load, (missing, { onClose }: P) => (
    <Dialog title="This could not be opened" onClose={onClose}>
      <div role="alert">
        <NotLoadedWords why={missing.why} />
      </div>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
        <NotLoadedActions {...missing} />
      </DialogActions>
    </Dialog>
  ));
  return function LazyDialog(props: P) {
    return (
      <DialogBoundary onClose={props.onClose}>
        <Content {...props} />
      </DialogBoundary>
    );
  };
}

function deferred<P extends object>(
  load: () => Promise<ComponentType<P>>,
  notLoaded: (missing: NotLoadedProps, props: P) => ReactNode,
): ComponentType<P> {
  const loader = new Loader(load);
  return function Deferred(props: P) {
    const client = useClient();
    const { state } = useConnectionStatus(client);
    const [, setRetries] = useState(0);
    const [busy, startTransition] = useTransition();
    const loading = loader.load(state === 'reconnecting' || state === 'stale');
    const loaded = use(loading);
    // A part that is opened once more is loaded once more.
    useEffect(() => () => loader.forget(loading), [loading]);
    useEffect(() => {
      if (loaded instanceof Missing && loaded.why === 'outdated')
        reportFault(client, pageFault(loaded.error, location.pathname));
    }, [loaded, client]);
    if (!(loaded instanceof Missing)) return createElement(loaded, props);
    const retry = (): void =>
      startTransition(() => {
        loader.forget(loading);
        setRetries((before) => before + 1);
      });
    return notLoaded({ why: loaded.why, retry, busy }, props);
  };
}

/** One load for all uses of a part. */
class Loader<T> {
  readonly #load: () => Promise<T>;
  #loading: Promise<T | Missing> | null = null;
  #hasTried = false;
  #isLoaded = false;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** The same promise for all that ask, until it is forgotten. It is never rejected. */
  load(isLost: boolean): Promise<T | Missing> {
    this.#loading ??= this.#attempt(isLost || this.#hasTried);
    return this.#loading;
  }

  /** Has a failed load repeated when it is next asked for; a part that was loaded stays. */
  forget(loading: Promise<T | Missing>): void {
    if (!this.#isLoaded && this.#loading === loading) this.#loading = null;
  }

  /**
   * Browsers remember that a file could not be loaded, and then fail to load it until the page is loaded again. So nothing is
   * asked for while the connection is lost and the server does not answer.
   */
  async #attempt(isLost: boolean): Promise<T | Missing> {
    this.#hasTried = true;
    if (isLost && !(await isReachable())) return new Missing('unreachable', null);
    try {
      const loaded = await this.#load();
      this.#isLoaded = true;
      return loaded;
    } catch (error) {
      return new Missing((await isReachable()) ? 'outdated' : 'unreachable', error);
    }
  }
}

function isReachable(): Promise<boolean> {
  return fetch('/healthz', { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
}

function NotLoadedWords({ why }: Pick<NotLoadedProps, 'why'>) {
  return why === 'unreachable' ? (
    <p>Ringside does not answer, so this part of the page could not be loaded. The server may be restarting.</p>
  ) : (
    <p>This part of the page could not be loaded. If Ringside was updated meanwhile, load the page again.</p>
  );
}

function NotLoadedActions({ why, retry, busy }: NotLoadedProps) {
  return (
    <>
      {why === 'outdated' && <Button onClick={() => location.reload()}>Load the page again</Button>}
      <Button kind="primary" disabled={busy} onClick={retry} data-first>
        {busy ? 'Trying…' : 'Try again'}
      </Button>
    </>
  );
}
