import { Component, type ReactNode } from 'react';

/** An error that stopped a part of the page from being shown. */
export interface Fault {
  readonly error: unknown;
  /** Epoch milliseconds. */
  readonly at: number;
  /** How many retries failed with it. */
  readonly retries: number;
}

interface ErrorBoundaryProps {
  /** Address of the page: when it changes, the fault is over. */
  readonly address: string;
  readonly fallback: (fault: Fault, retry: () => void) => ReactNode;
  readonly onFault?: (error: unknown) => void;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly address: string;
  readonly fault: Omit<Fault, 'retries'> | null;
  readonly retries: number;
}

/** Shows a fallback in place of children that throw, until a retry or another address. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { address: this.props.address, fault: null, retries: 0 };

  static getDerivedStateFromProps({ address }: ErrorBoundaryProps, before: ErrorBoundaryState): ErrorBoundaryState {
    return address === before.address ? before : { address, fault: null, retries: 0 };
  }

  static getDerivedStateFromError(error: unknown): Partial<ErrorBoundaryState> {
    return { fault: { error, at: Date.now() } };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onFault?.(error);
  }

  override render(): ReactNode {
    const { fault, retries } = this.state;
    if (!fault) return this.props.children;
    const retry = (): void => this.setState({ fault: null, retries: retries + 1 });
    return this.props.fallback({ ...fault, retries }, retry);
  }
}
