/**
 * Version of the live protocol, sent in `hello`. Raise it when an old client could misread a message.
 *
 * History
 * - 1: hello, snapshot, patch, calls, overview-snapshot, overview-patch, heartbeat, unsubscribed, pong, error
 */
export const PROTOCOL_VERSION = 1;
