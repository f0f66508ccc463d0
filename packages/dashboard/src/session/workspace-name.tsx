import { useSession } from './session-context.ts';

/** Whose campaigns these are. */
export function WorkspaceName({ className }: { readonly className?: string }) {
  return (
    <span className={className}>
      <span className="sr-only">Workspace </span>
      {useSession().workspaceName}
    </span>
  );
}
