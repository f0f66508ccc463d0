import { useSession } from './session-context.ts';
import { SimulatedMark } from './simulated-mark.tsx';

/** Whose campaigns these are, and that they are not real where they are not. */
export function WorkspaceName({ className }: { readonly className?: string }) {
  const { workspaceName, simulated, share } = useSession();
  return (
    <span className={className}>
      <span className="sr-only">Workspace </span>
      {workspaceName}
      {/* The bar of a shared page bears the mark. */}
      {simulated && share === null && (
        <>
          {' '}
          <SimulatedMark />
        </>
      )}
    </span>
  );
}
