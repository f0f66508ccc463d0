-- Campaigns and everything that is kept about them. Times are epoch milliseconds.
-- campaign_key is a hash of workspace and campaign id: the first column of every hot table.

CREATE TABLE campaigns (
  campaign_key TEXT PRIMARY KEY,
  workspace    TEXT NOT NULL,
  campaign_id  TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  registered   INTEGER NOT NULL,
  state        TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX campaigns_by_workspace ON campaigns (workspace, created_at, campaign_id);

-- The sums that reports are made of. They and campaigns.state include the entries of rollup_log up to "included".
CREATE TABLE rollups (
  campaign_key TEXT PRIMARY KEY,
  totals       TEXT NOT NULL,
  included     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE buckets (
  campaign_key TEXT NOT NULL,
  minute       INTEGER NOT NULL,
  counts       TEXT NOT NULL,
  PRIMARY KEY (campaign_key, minute)
) WITHOUT ROWID;
-- What each commit added to rollups and campaign states since they were last written whole.
CREATE TABLE rollup_log (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  entries TEXT NOT NULL
);

CREATE TABLE calls (
  id           INTEGER PRIMARY KEY,
  campaign_key TEXT NOT NULL,
  call_row     TEXT NOT NULL,
  contact_key  TEXT,
  started_at   INTEGER,
  ended_at     INTEGER,
  -- ended_at, and for a live call the greatest number: one index serves the feed, the lists and the exports.
  -- It is no generated column, since SQLite does not answer from an index alone where one is asked for.
  end_key      INTEGER NOT NULL,
  last_at      INTEGER NOT NULL,
  -- What lists are filtered by; it all follows from the record. It stands before the record, which may be long.
  outcome      TEXT,
  lead         TEXT,
  code         INTEGER,
  answered_by  TEXT,
  talk         INTEGER,
  number       TEXT,
  seqs         TEXT NOT NULL,
  record       TEXT NOT NULL
);
CREATE UNIQUE INDEX calls_by_row ON calls (campaign_key, call_row);
CREATE INDEX calls_by_end ON calls (campaign_key, end_key);
-- Only calls that are live, so it stays as small as their number: the sweeper finds among them those that lost their end.
-- A call without a contact was never placed. One that only a machine verdict tells of has no start but was heard of.
CREATE INDEX calls_live ON calls (coalesce(started_at, last_at)) WHERE ended_at IS NULL AND contact_key IS NOT NULL;

-- Further names of a call; the name it was first stored under is its call_row.
CREATE TABLE aliases (
  campaign_key TEXT NOT NULL,
  alias        TEXT NOT NULL,
  call_row     TEXT NOT NULL,
  PRIMARY KEY (campaign_key, alias)
) WITHOUT ROWID;

-- Its rows are long and their keys come in no order: an index apart from them keeps what is rewritten small.
CREATE TABLE contacts (
  campaign_key TEXT NOT NULL,
  contact_key  TEXT NOT NULL,
  attempts     TEXT NOT NULL,
  PRIMARY KEY (campaign_key, contact_key)
);

-- Contact ids known for a number.
CREATE TABLE numbers (
  campaign_key TEXT NOT NULL,
  number       TEXT NOT NULL,
  contact_ids  TEXT NOT NULL,
  PRIMARY KEY (campaign_key, number)
) WITHOUT ROWID;

-- Every accepted delivery, append-only. seq counts up within its campaign.
CREATE TABLE call_events (
  id           INTEGER PRIMARY KEY,
  campaign_key TEXT NOT NULL,
  seq          INTEGER NOT NULL,
  received_at  INTEGER NOT NULL,
  delivery     TEXT NOT NULL,
  raw          TEXT
);
CREATE UNIQUE INDEX call_events_by_seq ON call_events (campaign_key, seq);

-- Verified callbacks that belong to no campaign yet, or to none at all.
CREATE TABLE unassigned (
  id          INTEGER PRIMARY KEY,
  workspace   TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  why         TEXT NOT NULL,
  alias       TEXT,
  query       TEXT NOT NULL,
  body        TEXT NOT NULL
);
CREATE INDEX unassigned_by_alias ON unassigned (workspace, alias) WHERE alias IS NOT NULL;

-- Forecasts kept at 10, 25, 50 and 75 % of a campaign's work: later ones are widened by what they missed by.
CREATE TABLE forecasts (
  campaign_key TEXT NOT NULL,
  mark         INTEGER NOT NULL,
  forecast     TEXT NOT NULL,
  PRIMARY KEY (campaign_key, mark)
) WITHOUT ROWID;

-- What a workspace has set, as JSON.
CREATE TABLE settings (
  workspace TEXT PRIMARY KEY,
  value     TEXT NOT NULL
) WITHOUT ROWID;
-- Campaigns whose calls must be scored again by new lead rules, and how far that has come.
CREATE TABLE rescoring (
  campaign_key TEXT PRIMARY KEY,
  after_id     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
-- Cursors of lists are sealed with this: what they hold may be a phone number.
INSERT INTO meta (name, value) VALUES ('cursor-key', hex(randomblob(32)));
