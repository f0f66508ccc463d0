import type { PROTOCOL_VERSION, ServerMessage } from '@ringside/protocol';

/** The live protocol that this SDK speaks. As a type it follows the protocol package, without its schemas at run time. */
export const SPOKEN_PROTOCOL: typeof PROTOCOL_VERSION = 1;

/** Reads one message of the server, which is trusted to keep to its own schema. @returns `null` for what is no message */
export function readMessage(text: string): ServerMessage | null {
  try {
    const message: unknown = JSON.parse(text);
    const isMessage = typeof message === 'object' && message !== null && 'type' in message;
    return isMessage ? (message as ServerMessage) : null;
  } catch {
    return null;
  }
}
