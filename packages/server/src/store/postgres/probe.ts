import { openPool } from './connection.ts';

const END_WITHIN_MS = 500;

/** A connection of its own that asks whether PostgreSQL answers: however many lists are being read, it is free. */
export function openProbe(url: string): { readonly ask: () => Promise<unknown>; readonly end: () => Promise<unknown> } {
  // Refused settings are the opener's to tell: this one only ever fails.
  let pool: ReturnType<typeof openPool> | null = null;
  return {
    ask: async () => {
      pool ??= openPool({ url, max: 1, lockTimeoutMs: 1_000, statementTimeoutMs: 1_000 });
      await pool.query('SELECT 1');
    },
    // A frozen server does not even take leave.
    end: () => Promise.race([pool?.end(), new Promise((resolve) => setTimeout(resolve, END_WITHIN_MS).unref())]),
  };
}
