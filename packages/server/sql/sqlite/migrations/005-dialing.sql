-- What the dialer keeps beside the fold: lists of contacts with its queue in them, and its attempts. Times are epoch
-- milliseconds, lists and records are JSON.

-- A campaign that Ringside dials, and what its list consists of.
CREATE TABLE lists (
  campaign_key  TEXT PRIMARY KEY,
  workspace     TEXT NOT NULL,
  campaign_id   TEXT NOT NULL,
  account       TEXT,
  -- 1 while the dialer must look at it.
  is_open       INTEGER NOT NULL,
  -- Contacts that were ever added, by zone too, and how many of them were deleted for their age.
  contacts      INTEGER NOT NULL,
  zones         TEXT NOT NULL,
  retired       INTEGER NOT NULL,
  excluded      TEXT NOT NULL,
  last_position INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX lists_open ON lists (workspace, campaign_id) WHERE is_open = 1;

CREATE TABLE list_contacts (
  campaign_key TEXT NOT NULL,
  position     INTEGER NOT NULL,
  contact_key  TEXT NOT NULL,
  number       TEXT NOT NULL,
  contact_id   TEXT,
  -- '' is the campaign's.
  zone         TEXT NOT NULL,
  attributes   TEXT,
  -- Attempts made, how many of them are settled, and how many more than the policy's were granted.
  attempts     INTEGER NOT NULL DEFAULT 0,
  ended        INTEGER NOT NULL DEFAULT 0,
  extra        INTEGER NOT NULL DEFAULT 0,
  -- What the settled ones came to, oldest first, and the last of them.
  outcomes     TEXT NOT NULL DEFAULT '[]',
  last_outcome TEXT,
  last_attempt TEXT,
  -- When it may be called: 0 at once, a time not before that, NULL not at all.
  due_at       INTEGER DEFAULT 0,
  excluded     TEXT,
  PRIMARY KEY (campaign_key, position),
  UNIQUE (campaign_key, number),
  UNIQUE (campaign_key, contact_key)
) WITHOUT ROWID;
CREATE INDEX list_contacts_due ON list_contacts (campaign_key, zone, due_at, position) WHERE due_at IS NOT NULL;
CREATE INDEX list_contacts_untouched ON list_contacts (campaign_key, position) WHERE attempts = 0;
CREATE INDEX list_contacts_failed ON list_contacts (campaign_key, contact_key)
  WHERE last_outcome IS NOT NULL AND last_outcome <> 'completed' AND due_at IS NULL AND excluded IS NULL;

CREATE TABLE attempts (
  campaign_key TEXT NOT NULL,
  attempt_id   TEXT NOT NULL,
  workspace    TEXT NOT NULL,
  campaign_id  TEXT NOT NULL,
  auth_id      TEXT NOT NULL,
  position     INTEGER NOT NULL,
  contact_key  TEXT NOT NULL,
  contact_id   TEXT,
  number       TEXT NOT NULL,
  caller_id    TEXT NOT NULL,
  attempt      INTEGER NOT NULL,
  attributes   TEXT,
  state        TEXT NOT NULL,
  made_at      INTEGER NOT NULL,
  -- What due_at of its contact was before: what was not sent goes back on the list as it was.
  was_due_at   INTEGER NOT NULL,
  send_before  INTEGER,
  request_id   TEXT,
  evidence     TEXT NOT NULL,
  empty_looks  INTEGER NOT NULL,
  looked_at    INTEGER,
  needs_person INTEGER NOT NULL,
  settled_at   INTEGER,
  PRIMARY KEY (campaign_key, attempt_id)
);
-- As small as what is under way, whatever was dialed before.
CREATE INDEX attempts_open ON attempts (auth_id) WHERE settled_at IS NULL;
CREATE INDEX attempts_of_contact ON attempts (campaign_key, position);
CREATE INDEX attempts_settled ON attempts (campaign_key, settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX attempts_in_doubt ON attempts (workspace, made_at) WHERE state = 'in-doubt';

-- Numbers that nobody of a workspace may call. Of an erased one its token.
CREATE TABLE do_not_call (
  workspace TEXT NOT NULL,
  number    TEXT NOT NULL,
  reason    TEXT,
  added_at  INTEGER NOT NULL,
  added_by  TEXT NOT NULL,
  PRIMARY KEY (workspace, number)
) WITHOUT ROWID;

-- What campaigns do by the clock.
CREATE TABLE timers (
  workspace   TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  what        TEXT NOT NULL,
  due_at      INTEGER NOT NULL,
  PRIMARY KEY (workspace, campaign_id, what)
) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due_at);

-- Answers to commands that were sent with an idempotency key.
CREATE TABLE commands (
  workspace TEXT NOT NULL,
  key       TEXT NOT NULL,
  answer    TEXT NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (workspace, key)
) WITHOUT ROWID;
CREATE INDEX commands_at ON commands (at);
