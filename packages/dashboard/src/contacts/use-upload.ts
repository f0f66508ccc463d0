import type { UploadAnswer } from '@ringside/protocol';
import { useEffect, useRef, useState } from 'react';
import { type ColumnMap, mapQuery } from './columns.ts';
import { sendFile } from './send-file.ts';

/** How far an upload is. It is sent twice: once to be looked at, and once to be added. */
export type Upload =
  | { readonly step: 'none' }
  | { readonly step: 'reading' | 'adding'; readonly file: File; readonly share: number }
  | { readonly step: 'read'; readonly file: File; readonly map: ColumnMap | null; readonly answer: UploadAnswer }
  | { readonly step: 'added'; readonly answer: UploadAnswer }
  | { readonly step: 'failed'; readonly file: File; readonly error: Error };

/** @param path where the rows go @param onAdded they are there */
export function useUpload(path: string, onAdded: (answer: UploadAnswer) => void) {
  const [upload, setUpload] = useState<Upload>({ step: 'none' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function send(file: File, map: ColumnMap | null, step: 'reading' | 'adding'): Promise<UploadAnswer | null> {
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    setUpload({ step, file, share: 0 });
    const query = [step === 'reading' ? 'preview=1' : '', mapQuery(map)].filter((part) => part !== '').join('&');
    try {
      return await sendFile<UploadAnswer>(`${path}?${query}`, file, {
        signal: mine.signal,
        onProgress: (share) => setUpload({ step, file, share }),
      });
    } catch (error) {
      if (!mine.signal.aborted) setUpload({ step: 'failed', file, error: error as Error });
      return null;
    }
  }

  return {
    upload,
    /** Has a file looked at: by what its columns are called, or as somebody said. */
    async look(file: File, map: ColumnMap | null = null): Promise<void> {
      const answer = await send(file, map, 'reading');
      if (answer) setUpload({ step: 'read', file, map, answer });
    },
    async add(file: File, map: ColumnMap | null): Promise<void> {
      const answer = await send(file, map, 'adding');
      if (!answer) return;
      setUpload({ step: 'added', answer });
      onAdded(answer);
    },
    stop(): void {
      running.current?.abort();
      setUpload({ step: 'none' });
    },
  };
}
