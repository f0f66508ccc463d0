/** Interval between two heartbeats of a live connection. */
export const HEARTBEAT_MS = 15_000;
