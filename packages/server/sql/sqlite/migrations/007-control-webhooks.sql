-- Where a workspace's external dialers are sent commands. The secret is sealed; times are epoch milliseconds.
CREATE TABLE control_webhooks (
  workspace  TEXT PRIMARY KEY,
  url        TEXT NOT NULL,
  secret     TEXT NOT NULL,
  timeout_ms INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) WITHOUT ROWID;
