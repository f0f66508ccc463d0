-- Records that were deleted, and numbers that were erased. Times are epoch milliseconds.

-- What the calls of a campaign came to whose records were deleted: rollups and buckets are this and what the other
-- records add. Calls and contacts are counted, and how many of them the audit log was told of.
CREATE TABLE base_rollups (
  campaign_key   text COLLATE "C" PRIMARY KEY,
  deleted_before bigint NOT NULL,
  first_at       bigint NOT NULL,
  last_at        bigint NOT NULL,
  calls          bigint NOT NULL,
  contacts       bigint NOT NULL,
  told_calls     bigint NOT NULL,
  told_contacts  bigint NOT NULL,
  totals         text NOT NULL
);
CREATE TABLE base_buckets (
  campaign_key text COLLATE "C" NOT NULL,
  minute       bigint NOT NULL,
  counts       text NOT NULL,
  PRIMARY KEY (campaign_key, minute)
);
-- Calls of which only notes or verdicts are known. They belong to no contact but may say whose a number is.
CREATE INDEX calls_unplaced ON calls (campaign_key, number) WHERE contact_key IS NULL;

-- Erased numbers by their tokens. "digits" are keyed hashes too, of the ways to write the number inside an id, and
-- "probe" is one of the workspace's name: it shows whether the key is still the same.
CREATE TABLE erasures (
  workspace text COLLATE "C" NOT NULL,
  token     text COLLATE "C" NOT NULL,
  digits    text NOT NULL,
  probe     text NOT NULL,
  at        bigint NOT NULL,
  actor     text NOT NULL,
  reason    text,
  found     text NOT NULL,
  done_at   bigint,
  PRIMARY KEY (workspace, token)
);
-- Campaigns to be looked through again: something became known of which an erased number may be a part.
-- "asked" counts how often, so that what comes while one is looked through is not taken for done.
CREATE TABLE erasing (
  campaign_key text COLLATE "C" PRIMARY KEY,
  asked        bigint NOT NULL
);
