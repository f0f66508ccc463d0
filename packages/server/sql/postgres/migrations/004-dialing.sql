-- What the dialer keeps beside the fold: lists of contacts with its queue in them, and its attempts. Times are epoch
-- milliseconds, lists and records are JSON.

-- A campaign that Ringside dials, and what its list consists of.
CREATE TABLE lists (
  campaign_key  text COLLATE "C" PRIMARY KEY,
  workspace     text COLLATE "C" NOT NULL,
  campaign_id   text COLLATE "C" NOT NULL,
  account       text,
  -- 1 while the dialer must look at it.
  is_open       bigint NOT NULL,
  -- Contacts that were ever added, by zone too, and how many of them were deleted for their age.
  contacts      bigint NOT NULL,
  zones         text NOT NULL,
  retired       bigint NOT NULL,
  excluded      text NOT NULL,
  last_position bigint NOT NULL
);
CREATE INDEX lists_open ON lists (workspace, campaign_id) WHERE is_open = 1;

CREATE TABLE list_contacts (
  campaign_key text COLLATE "C" NOT NULL,
  position     bigint NOT NULL,
  contact_key  text COLLATE "C" NOT NULL,
  number       text COLLATE "C" NOT NULL,
  contact_id   text,
  -- '' is the campaign's.
  zone         text COLLATE "C" NOT NULL,
  attributes   text,
  -- Attempts made, how many of them are settled, and how many more than the policy's were granted.
  attempts     bigint NOT NULL DEFAULT 0,
  ended        bigint NOT NULL DEFAULT 0,
  extra        bigint NOT NULL DEFAULT 0,
  -- What the settled ones came to, oldest first, and the last of them.
  outcomes     text NOT NULL DEFAULT '[]',
  last_outcome text,
  last_attempt text,
  -- When it may be called: 0 at once, a time not before that, NULL not at all.
  due_at       bigint DEFAULT 0,
  excluded     text,
  PRIMARY KEY (campaign_key, position),
  UNIQUE (campaign_key, number),
  UNIQUE (campaign_key, contact_key)
);
CREATE INDEX list_contacts_due ON list_contacts (campaign_key, zone, due_at, position) WHERE due_at IS NOT NULL;
CREATE INDEX list_contacts_untouched ON list_contacts (campaign_key, position) WHERE attempts = 0;
CREATE INDEX list_contacts_failed ON list_contacts (campaign_key, contact_key)
  WHERE last_outcome IS NOT NULL AND last_outcome <> 'completed' AND due_at IS NULL AND excluded IS NULL;

CREATE TABLE attempts (
  campaign_key text COLLATE "C" NOT NULL,
  attempt_id   text COLLATE "C" NOT NULL,
  workspace    text COLLATE "C" NOT NULL,
  campaign_id  text COLLATE "C" NOT NULL,
  auth_id      text NOT NULL,
  position     bigint NOT NULL,
  contact_key  text COLLATE "C" NOT NULL,
  contact_id   text,
  number       text COLLATE "C" NOT NULL,
  caller_id    text NOT NULL,
  attempt      bigint NOT NULL,
  attributes   text,
  state        text NOT NULL,
  made_at      bigint NOT NULL,
  -- What due_at of its contact was before: what was not sent goes back on the list as it was.
  was_due_at   bigint NOT NULL,
  send_before  bigint,
  request_id   text,
  evidence     text NOT NULL,
  empty_looks  bigint NOT NULL,
  looked_at    bigint,
  needs_person bigint NOT NULL,
  settled_at   bigint,
  PRIMARY KEY (campaign_key, attempt_id)
);
-- As small as what is under way, whatever was dialed before.
CREATE INDEX attempts_open ON attempts (auth_id) WHERE settled_at IS NULL;
CREATE INDEX attempts_of_contact ON attempts (campaign_key, position);
CREATE INDEX attempts_settled ON attempts (campaign_key, settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX attempts_in_doubt ON attempts (workspace, made_at) WHERE state = 'in-doubt';

-- Numbers that nobody of a workspace may call. Of an erased one its token.
CREATE TABLE do_not_call (
  workspace text COLLATE "C" NOT NULL,
  number    text COLLATE "C" NOT NULL,
  reason    text,
  added_at  bigint NOT NULL,
  added_by  text NOT NULL,
  PRIMARY KEY (workspace, number)
);

-- What campaigns do by the clock.
CREATE TABLE timers (
  workspace   text COLLATE "C" NOT NULL,
  campaign_id text COLLATE "C" NOT NULL,
  what        text COLLATE "C" NOT NULL,
  due_at      bigint NOT NULL,
  PRIMARY KEY (workspace, campaign_id, what)
);
CREATE INDEX timers_due ON timers (due_at);

-- Answers to commands that were sent with an idempotency key.
CREATE TABLE commands (
  workspace text COLLATE "C" NOT NULL,
  key       text COLLATE "C" NOT NULL,
  answer    text NOT NULL,
  at        bigint NOT NULL,
  PRIMARY KEY (workspace, key)
);
CREATE INDEX commands_at ON commands (at);
