/** Where the next page of campaigns begins, as an opaque text. */
export function encodeCursor(createdAt: number, id: string): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

/** An unreadable cursor starts at the beginning. */
export function decodeCursor(cursor: string | null): [number, string] {
  const start: [number, string] = [Number.MAX_SAFE_INTEGER, ''];
  if (cursor === null) return start;
  try {
    const [createdAt, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return typeof createdAt === 'number' && typeof id === 'string' ? [createdAt, id] : start;
  } catch {
    return start;
  }
}
