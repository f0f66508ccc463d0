import { LiveCampaigns } from '../../store/sqlite/campaigns.ts';
import type { Progress } from '../progress.ts';
import { chunksAfter, rowsToMove } from './chunks.ts';
import type { MoveSource } from './source.ts';
import type { MoveTarget } from './target.ts';

/** Copies everything that is not there yet. While PostgreSQL writes one chunk, the next is read. */
export async function copyStore(
  source: MoveSource,
  target: MoveTarget,
  progress: Progress,
  secretKey: Buffer,
): Promise<void> {
  const { position, rows } = await target.begin(source, secretKey);
  const total = Math.max(1, rowsToMove(source.db));
  progress.start('moving', total, 'rows');
  let moved = rows;
  let writing: Promise<number> = Promise.resolve(0);
  const settled = async (): Promise<void> => {
    const written = await writing;
    moved += written;
    progress.add(written, Math.min(1, moved / total));
  };
  try {
    for (const chunk of chunksAfter(source.db, new LiveCampaigns(source.db), position)) {
      await settled();
      writing = target.write(chunk);
    }
    await settled();
    await target.settle();
  } finally {
    progress.clear();
  }
}
