import { type RingsideClient, RingsideError, type Session } from '@ringside/client';

/** The browser did not keep the cookie of a session that was begun. */
export class CookieBlocked extends Error {
  override readonly name = 'CookieBlocked';

  constructor(options: ErrorOptions) {
    super('Your browser did not keep the session. Allow cookies for this site, then try again.', options);
  }
}

/** Reads a session that was begun a moment ago. @throws CookieBlocked when the browser did not keep it */
export async function keptSession(client: RingsideClient): Promise<Session> {
  try {
    return await client.session();
  } catch (error) {
    if (error instanceof RingsideError && error.status === 401) throw new CookieBlocked({ cause: error });
    throw error;
  }
}
