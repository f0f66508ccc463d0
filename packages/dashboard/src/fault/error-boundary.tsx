import { Component, type ReactNode } from 'react';

interface ErrorBoundaryState {
  readonly failed: boolean;
}

/** A fault in the page is told, with a way on, instead of an empty window. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { failed: false };

  static getDerivedStateFromError(): ErrorBoundaryState {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="grid min-h-dvh place-items-center px-4 text-center">
        <div className="max-w-90">
          <h1 className="text-20 font-semibold">This page broke</h1>
          <p className="mt-2 text-ink-2">
            That is a fault of the page, not of your campaigns: Ringside goes on counting. Load it again to go on.
          </p>
          <button
            type="button"
            onClick={() => location.reload()}
            className="mt-4 h-10 rounded-md bg-ink px-4 font-medium text-canvas hover:opacity-90"
          >
            Load again
          </button>
        </div>
      </main>
    );
  }
}
