-- Who may do what. These tables are small and read by key; times are epoch milliseconds, lists and records are JSON.

-- A workspace is one client of the operator: everything else belongs to exactly one.
CREATE TABLE workspaces (
  id         text COLLATE "C" PRIMARY KEY,
  name       text NOT NULL,
  time_zone  text NOT NULL,
  limits     text NOT NULL,
  created_at bigint NOT NULL,
  closed_at  bigint
);

-- Keys are 256 random bits, so a plain SHA-256 of one is all that is kept.
CREATE TABLE api_keys (
  id           text COLLATE "C" PRIMARY KEY,
  key_hash     text NOT NULL UNIQUE,
  workspace    text NOT NULL,
  name         text NOT NULL,
  prefix       text NOT NULL,
  role         text NOT NULL,
  scopes       text,
  created_at   bigint NOT NULL,
  created_by   text NOT NULL,
  expires_at   bigint,
  last_used_at bigint,
  revoked_at   bigint
);
CREATE INDEX api_keys_by_workspace ON api_keys (workspace, created_at);

-- Cookies and one-time tickets. A session stands only as long as the key or share link that it was started with.
CREATE TABLE sessions (
  session_hash text PRIMARY KEY,
  kind         text NOT NULL,
  workspace    text NOT NULL,
  key_id       text,
  share_id     text,
  -- What a login of the host application said: subject and role.
  login        text,
  -- Of a ticket: the page that may use it, and the session it was asked for with.
  origin       text,
  parent_hash  text,
  expires_at   bigint NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Accounts at voice providers. Tokens are sealed with a key that is not in the store.
CREATE TABLE provider_accounts (
  id         text COLLATE "C" PRIMARY KEY,
  workspace  text NOT NULL,
  provider   text NOT NULL,
  auth_id    text NOT NULL,
  name       text NOT NULL,
  tokens     text NOT NULL,
  created_at bigint NOT NULL,
  UNIQUE (workspace, provider, auth_id)
);

-- Read-only links. The secret stands in the link's fragment; only its hash is kept.
CREATE TABLE share_links (
  id           text COLLATE "C" PRIMARY KEY,
  secret_hash  text NOT NULL,
  workspace    text NOT NULL,
  campaign_id  text,
  name         text NOT NULL,
  created_at   bigint NOT NULL,
  created_by   text NOT NULL,
  expires_at   bigint NOT NULL,
  last_used_at bigint,
  revoked_at   bigint
);
CREATE INDEX share_links_by_workspace ON share_links (workspace, created_at);

-- One row for every change, never altered.
CREATE TABLE audit (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at           bigint NOT NULL,
  workspace    text NOT NULL,
  actor        text NOT NULL,
  address      text,
  action       text NOT NULL,
  target       text,
  before_value text,
  after_value  text
);
CREATE INDEX audit_by_workspace ON audit (workspace, id);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER audit_is_not_altered BEFORE UPDATE OR DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- Counts up with every change above, so that each node notices.
CREATE TABLE access_version (version bigint NOT NULL);
INSERT INTO access_version (version) VALUES (1);

INSERT INTO workspaces (id, name, time_zone, limits, created_at, closed_at) VALUES (
  'default', 'Default', 'UTC', '{"requestsPerSecond":null,"keyRequestsPerSecond":null,"eventsPerSecond":null}',
  (extract(epoch FROM clock_timestamp()) * 1000)::bigint, NULL
);
