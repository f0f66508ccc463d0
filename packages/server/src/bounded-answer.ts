/** Another system's answer was longer than any that it should give. */
export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';
}

/**
 * Reads the body of an answer, and no more of it than expected: another system may send without end.
 * @throws AnswerTooLong once more has come; the rest is not read
 */
export async function boundedBytes(response: Response, mostBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    // Leaving the loop cancels the body, and with it the connection.
    if (bytes > mostBytes) throw new AnswerTooLong(`the answer is longer than ${mostBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** A `fetch` for libraries that read whatever comes. */
export function boundedFetch(mostBytes: number): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const response = await fetch(url, init);
    const { status, headers } = response;
    const body = await boundedBytes(response, mostBytes);
    return new Response(body.length > 0 ? new Uint8Array(body) : null, { status, headers });
  };
}
