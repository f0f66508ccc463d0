-- Records that were deleted, and numbers that were erased. Times are epoch milliseconds.

-- What the calls of a campaign came to whose records were deleted: rollups and buckets are this and what the other
-- records add. Calls and contacts are counted, and how many of them the audit log was told of.
CREATE TABLE base_rollups (
  campaign_key   TEXT PRIMARY KEY,
  deleted_before INTEGER NOT NULL,
  first_at       INTEGER NOT NULL,
  last_at        INTEGER NOT NULL,
  calls          INTEGER NOT NULL,
  contacts       INTEGER NOT NULL,
  told_calls     INTEGER NOT NULL,
  told_contacts  INTEGER NOT NULL,
  totals         TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE base_buckets (
  campaign_key TEXT NOT NULL,
  minute       INTEGER NOT NULL,
  counts       TEXT NOT NULL,
  PRIMARY KEY (campaign_key, minute)
) WITHOUT ROWID;
-- Calls of which only notes or verdicts are known. They belong to no contact but may say whose a number is.
CREATE INDEX calls_unplaced ON calls (campaign_key, number) WHERE contact_key IS NULL;

-- Erased numbers by their tokens. "digits" are keyed hashes too, of the ways to write the number inside an id, and
-- "probe" is one of the workspace's name: it shows whether the key is still the same.
CREATE TABLE erasures (
  workspace TEXT NOT NULL,
  token     TEXT NOT NULL,
  digits    TEXT NOT NULL,
  probe     TEXT NOT NULL,
  at        INTEGER NOT NULL,
  actor     TEXT NOT NULL,
  reason    TEXT,
  found     TEXT NOT NULL,
  done_at   INTEGER,
  PRIMARY KEY (workspace, token)
) WITHOUT ROWID;
-- Campaigns to be looked through again: something became known of which an erased number may be a part.
-- "asked" counts how often, so that what comes while one is looked through is not taken for done.
CREATE TABLE erasing (
  campaign_key TEXT PRIMARY KEY,
  asked        INTEGER NOT NULL
) WITHOUT ROWID;
