import { RingsideError } from '@ringside/client';

/** What went wrong, in the server’s words, which say what to do. Keeps no place while there is nothing to say. */
export function Failure({ error }: { readonly error: Error | null }) {
  return (
    <div role="alert" className="empty:hidden">
      {error && (
        <p className="mt-3 rounded-md border border-alarm-fill bg-alarm-wash px-3 py-2 break-words">{wordsOf(error)}</p>
      )}
    </div>
  );
}

function wordsOf(error: Error): string {
  const fields = error instanceof RingsideError ? error.problem?.errors : undefined;
  if (!fields || fields.length === 0) return error.message;
  return fields.map(({ path, message }) => `${path.replace(/^\//, '')} ${message}`.trim()).join('; ');
}
