import type { ConnectionState, TransportName } from './connection-state.ts';

/** How fresh what is shown is. */
export interface ConnectionStatus {
  /**
   * - `live`: pushed; `polling`: read again and again, because nothing better works here
   * - `connecting`: for the first time; `reconnecting`: what is shown is a moment old
   * - `stale`: nothing was heard for two heartbeats
   * - `refused`: the key, session or link is not valid (any more); nothing is tried again
   * - `idle`: nothing is followed
   */
  readonly state: 'idle' | 'connecting' | 'live' | 'polling' | 'reconnecting' | 'stale' | 'refused';
  /** What carries, or will carry, the data; `null` while nothing does. */
  readonly transport: TransportName | null;
  /** The server’s time at the last sign of life, epoch milliseconds; `null` before the first. */
  readonly heardAt: number | null;
}

/** The state of a connection in the words that are shown. */
export function statusOf(connection: ConnectionState): ConnectionStatus {
  switch (connection.name) {
    case 'idle':
    case 'refused':
      return { state: connection.name, transport: null, heardAt: null };
    case 'open': {
      const { transport, heardAt, stale } = connection;
      const fresh = transport === 'polling' ? 'polling' : 'live';
      return { state: stale ? 'stale' : fresh, transport, heardAt };
    }
    case 'connecting':
    case 'waiting': {
      const { heardAt, stale } = connection;
      const transport = connection.name === 'connecting' ? connection.transport : null;
      const again = heardAt === null ? 'connecting' : 'reconnecting';
      return { state: stale ? 'stale' : again, transport, heardAt };
    }
  }
}
