-- Who may do what. These tables are small and read by key; times are epoch milliseconds, lists and records are JSON.

-- A workspace is one client of the operator: everything else belongs to exactly one.
CREATE TABLE workspaces (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  time_zone  TEXT NOT NULL,
  limits     TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  closed_at  INTEGER
) WITHOUT ROWID;

-- Keys are 256 random bits, so a plain SHA-256 of one is all that is kept.
CREATE TABLE api_keys (
  id           TEXT PRIMARY KEY,
  key_hash     TEXT NOT NULL UNIQUE,
  workspace    TEXT NOT NULL,
  name         TEXT NOT NULL,
  prefix       TEXT NOT NULL,
  role         TEXT NOT NULL,
  scopes       TEXT,
  created_at   INTEGER NOT NULL,
  created_by   TEXT NOT NULL,
  expires_at   INTEGER,
  last_used_at INTEGER,
  revoked_at   INTEGER
) WITHOUT ROWID;
CREATE INDEX api_keys_by_workspace ON api_keys (workspace, created_at);

-- Cookies and one-time tickets. A session stands only as long as the key or share link that it was started with.
CREATE TABLE sessions (
  session_hash TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,
  workspace    TEXT NOT NULL,
  key_id       TEXT,
  share_id     TEXT,
  -- What a login of the host application said: subject and role.
  login        TEXT,
  -- Of a ticket: the page that may use it, and the session it was asked for with.
  origin       TEXT,
  parent_hash  TEXT,
  expires_at   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Accounts at voice providers. Tokens are sealed with a key that is not in the store.
CREATE TABLE provider_accounts (
  id         TEXT PRIMARY KEY,
  workspace  TEXT NOT NULL,
  provider   TEXT NOT NULL,
  auth_id    TEXT NOT NULL,
  name       TEXT NOT NULL,
  tokens     TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (workspace, provider, auth_id)
) WITHOUT ROWID;

-- Read-only links. The secret stands in the link's fragment; only its hash is kept.
CREATE TABLE share_links (
  id           TEXT PRIMARY KEY,
  secret_hash  TEXT NOT NULL,
  workspace    TEXT NOT NULL,
  campaign_id  TEXT,
  name         TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  created_by   TEXT NOT NULL,
  expires_at   INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at   INTEGER
) WITHOUT ROWID;
CREATE INDEX share_links_by_workspace ON share_links (workspace, created_at);

-- One row for every change, never altered.
CREATE TABLE audit (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  at           INTEGER NOT NULL,
  workspace    TEXT NOT NULL,
  actor        TEXT NOT NULL,
  address      TEXT,
  action       TEXT NOT NULL,
  target       TEXT,
  before_value TEXT,
  after_value  TEXT
);
CREATE INDEX audit_by_workspace ON audit (workspace, id);
CREATE TRIGGER audit_is_not_altered BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;

-- Counts up with every change above, so that each node notices.
CREATE TABLE access_version (version INTEGER NOT NULL);
INSERT INTO access_version (version) VALUES (1);

INSERT INTO workspaces (id, name, time_zone, limits, created_at, closed_at) VALUES (
  'default', 'Default', 'UTC', '{"requestsPerSecond":null,"keyRequestsPerSecond":null,"eventsPerSecond":null}',
  CAST(unixepoch('subsec') * 1000 AS INTEGER), NULL
);

-- Signed nonces of the last two to three days, one table a day in turn, so that forgetting a day is cheap.
CREATE TABLE nonces_0 (nonce INTEGER PRIMARY KEY, content INTEGER NOT NULL);
CREATE TABLE nonces_1 (nonce INTEGER PRIMARY KEY, content INTEGER NOT NULL);
CREATE TABLE nonces_2 (nonce INTEGER PRIMARY KEY, content INTEGER NOT NULL);
CREATE TABLE nonce_day (day INTEGER NOT NULL);
INSERT INTO nonce_day (day) VALUES (0);
