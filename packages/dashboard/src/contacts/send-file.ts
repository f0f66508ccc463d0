import { RingsideError } from '@ringside/client';
import type { Problem } from '@ringside/protocol';

interface SendFileOptions {
  /** Hears how much was sent, 0 to 1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

const types: Readonly<Record<string, string>> = {
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  json: 'application/json',
};

/** What a file holds, by the end of its name; what is not known otherwise is a table. */
export function contentTypeOf(fileName: string): string {
  const ending = fileName.toLowerCase().split('.').at(-1) ?? '';
  return types[ending] ?? 'text/csv';
}

/**
 * Sends a file as it lies on the disk, without reading it into memory. The browser’s `fetch` does not tell how much was
 * sent, so this is the older way.
 * @throws RingsideError as every request of the client
 */
export function sendFile<T>(path: string, file: File, { onProgress, signal }: SendFileOptions): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('content-type', contentTypeOf(file.name));
    request.setRequestHeader('accept', 'application/json');
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total));
    request.addEventListener('load', () => {
      const answer = parsed(request.responseText);
      if (request.status < 300 && answer !== null) resolve(answer as T);
      else reject(errorOf(request.status, answer as Problem | null));
    });
    request.addEventListener('error', () =>
      reject(new RingsideError('unreachable', 'The upload broke off. Check the network and try again.')),
    );
    request.addEventListener('abort', () => reject(new RingsideError('stopped', 'The upload was stopped.')));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function errorOf(status: number, problem: Problem | null): RingsideError {
  if (problem?.code) return new RingsideError(problem.code, problem.detail, { status, problem });
  return new RingsideError('unreadable', `Something answered ${status} that is not Ringside.`, { status });
}
