-- Campaigns and everything that is kept about them. Times are epoch milliseconds, lists and records are JSON in text.
-- campaign_key is a hash of workspace and campaign id: the first column of the primary key of every hot table, and the
-- column by which they are distributed where one machine does not suffice. Keys compare by their bytes.

CREATE TABLE campaigns (
  campaign_key text COLLATE "C" PRIMARY KEY,
  workspace    text COLLATE "C" NOT NULL,
  campaign_id  text COLLATE "C" NOT NULL,
  created_at   bigint NOT NULL,
  registered   boolean NOT NULL,
  -- What was said of the campaign itself.
  record       text NOT NULL
);
CREATE INDEX campaigns_by_workspace ON campaigns (workspace, created_at, campaign_id);

-- The row that every writer of a campaign locks, with the sums that reports are made of. It is rewritten by each
-- transaction: room beside it keeps that out of the index.
CREATE TABLE rollups (
  campaign_key  text COLLATE "C" PRIMARY KEY,
  version       bigint NOT NULL,
  -- Version that last changed campaigns.record.
  record_version bigint NOT NULL,
  first_at      bigint,
  last_at       bigint,
  first_call_at bigint,
  totals        text NOT NULL
) WITH (fillfactor = 20);
-- A minute whose counts went back to nothing stays, so that other nodes notice.
CREATE TABLE buckets (
  campaign_key text COLLATE "C" NOT NULL,
  minute       bigint NOT NULL,
  -- Version of the rollup that last changed it.
  version      bigint NOT NULL,
  counts       text NOT NULL,
  PRIMARY KEY (campaign_key, minute)
) WITH (fillfactor = 40);

CREATE TABLE calls (
  campaign_key text COLLATE "C" NOT NULL,
  call_row     text COLLATE "C" NOT NULL,
  -- Sequence number of the delivery that made the row: unique within the campaign.
  id           bigint NOT NULL,
  contact_key  text COLLATE "C",
  started_at   bigint,
  ended_at     bigint,
  -- ended_at, and for a live call the greatest number: one index serves the feed, the lists and the exports.
  end_key      bigint NOT NULL,
  last_at      bigint NOT NULL,
  -- What lists are filtered by; it all follows from the record.
  outcome      text,
  lead         text,
  code         bigint,
  answered_by  text,
  talk         bigint,
  number       text,
  seqs         text NOT NULL,
  record       text NOT NULL,
  PRIMARY KEY (campaign_key, call_row)
) WITH (fillfactor = 85);
CREATE INDEX calls_by_end ON calls (campaign_key, end_key, id);
-- Only calls that are live, so it stays as small as their number: the sweeper finds among them those that lost their end.
CREATE INDEX calls_live ON calls (coalesce(started_at, last_at), campaign_key, call_row)
  WHERE ended_at IS NULL AND contact_key IS NOT NULL;

-- Further names of a call; the name it was first stored under is its call_row.
CREATE TABLE aliases (
  campaign_key text COLLATE "C" NOT NULL,
  alias        text COLLATE "C" NOT NULL,
  call_row     text NOT NULL,
  PRIMARY KEY (campaign_key, alias)
);

CREATE TABLE contacts (
  campaign_key text COLLATE "C" NOT NULL,
  contact_key  text COLLATE "C" NOT NULL,
  attempts     text NOT NULL,
  PRIMARY KEY (campaign_key, contact_key)
) WITH (fillfactor = 85);

-- Contact ids known for a number.
CREATE TABLE numbers (
  campaign_key text COLLATE "C" NOT NULL,
  number       text COLLATE "C" NOT NULL,
  contact_ids  text NOT NULL,
  PRIMARY KEY (campaign_key, number)
);

-- Every accepted delivery, append-only. seq counts up within its campaign.
CREATE TABLE call_events (
  campaign_key text COLLATE "C" NOT NULL,
  seq          bigint NOT NULL,
  received_at  bigint NOT NULL,
  delivery     text NOT NULL,
  raw          text,
  PRIMARY KEY (campaign_key, seq)
);

-- Campaigns whose calls must be scored again by new lead rules, and how far that has come.
CREATE TABLE rescoring (
  campaign_key text COLLATE "C" PRIMARY KEY,
  after_row    text COLLATE "C" NOT NULL
);

-- Verified callbacks that belong to no campaign yet, or to none at all.
CREATE TABLE unassigned (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace   text NOT NULL,
  received_at bigint NOT NULL,
  why         text NOT NULL,
  alias       text,
  query       text NOT NULL,
  body        text NOT NULL
);
CREATE INDEX unassigned_by_alias ON unassigned (workspace, alias) WHERE alias IS NOT NULL;

-- What a workspace has set, as JSON.
CREATE TABLE settings (
  workspace text PRIMARY KEY,
  value     text NOT NULL
);

-- Work that one node does at a time: sweeping, deleting, erasing, scoring again. "token" grows with every new owner,
-- so that the store can refuse what an owner of before still sends.
CREATE TABLE leases (
  name  text PRIMARY KEY,
  owner text NOT NULL,
  token bigint NOT NULL,
  until timestamptz NOT NULL
);

CREATE TABLE meta (
  name  text PRIMARY KEY,
  value text NOT NULL
);

-- Signed nonces of the last two to three days, one table a day in turn, so that forgetting a day is cheap.
CREATE TABLE nonces_0 (nonce bigint PRIMARY KEY, content bigint NOT NULL);
CREATE TABLE nonces_1 (nonce bigint PRIMARY KEY, content bigint NOT NULL);
CREATE TABLE nonces_2 (nonce bigint PRIMARY KEY, content bigint NOT NULL);
CREATE TABLE nonce_day (day bigint NOT NULL);
INSERT INTO nonce_day (day) VALUES (0);
