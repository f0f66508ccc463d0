import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** A part of the page that is loaded when it is shown. That fails when the server was updated, or went away, meanwhile. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  return lazy(() =>
    load().then(
      (component) => ({ default: component }),
      () => ({ default: NotLoaded as ComponentType<P> }),
    ),
  );
}

function NotLoaded() {
  return (
    <p role="alert" className="px-6 py-12 text-center text-ink-2">
      This part of the page could not be loaded.{' '}
      <button type="button" onClick={() => location.reload()} className="text-progress underline underline-offset-2">
        Load the page again
      </button>
    </p>
  );
}
