import type { Piece } from './list-reader.ts';

/** The next piece is asked for only when the one before has been taken: whoever reads slowly holds up nobody else. */
export async function* pieces<At>(
  first: Piece<At>,
  after: (at: At) => Promise<Piece<At> | null>,
): AsyncGenerator<Uint8Array> {
  let piece: Piece<At> | null = first;
  while (piece) {
    yield piece.bytes;
    piece = piece.next === null ? null : await after(piece.next);
  }
}
