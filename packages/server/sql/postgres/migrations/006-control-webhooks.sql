-- Where a workspace's external dialers are sent commands. The secret is sealed; times are epoch milliseconds.
CREATE TABLE control_webhooks (
  workspace  text COLLATE "C" PRIMARY KEY,
  url        text NOT NULL,
  secret     text NOT NULL,
  timeout_ms bigint NOT NULL,
  changed_at bigint NOT NULL
);
