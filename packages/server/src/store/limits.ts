/** The feed of a report never shows more calls. */
export const MOST_RECENT = 100;

/** Campaigns that callbacks alone may create, per workspace. */
export const UNREGISTERED_LIMIT = 1_000;
