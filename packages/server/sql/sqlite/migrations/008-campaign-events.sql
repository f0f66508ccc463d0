-- What was said of a campaign itself, a row each; in its state stands only what follows from it.

-- Keys sort as events do: by time, by rank, by hash. The entry is the delivery as JSON.
CREATE TABLE campaign_events (
  id           INTEGER PRIMARY KEY,
  campaign_key TEXT NOT NULL,
  event_key    TEXT NOT NULL,
  is_change    INTEGER NOT NULL,
  entry        TEXT NOT NULL
);
CREATE UNIQUE INDEX campaign_events_by_key ON campaign_events (campaign_key, event_key);
-- Each change switches the campaign on or off after the one before it: they are found beside each other.
CREATE INDEX campaign_events_changes ON campaign_events (campaign_key, event_key) WHERE is_change = 1;

INSERT INTO campaign_events (campaign_key, event_key, is_change, entry)
SELECT campaign_key,
       CASE WHEN (event.value ->> 'at') < 0 THEN '-' || (100000000000000 + (event.value ->> 'at'))
            ELSE printf('%015d', event.value ->> 'at') END || CASE event.value ->> 'change'
         WHEN 'started' THEN 1 WHEN 'resumed' THEN 2 WHEN 'paused' THEN 3
         WHEN 'failed' THEN 4 WHEN 'completed' THEN 5 WHEN 'cancelled' THEN 6 ELSE 0 END || (event.value ->> 'hash'),
       (event.value ->> 'type') = 'change',
       event.value
FROM campaigns, json_each(campaigns.state, '$.campaign.history') AS event;

UPDATE campaigns
SET state = json_set(
  json_remove(state, '$.campaign.history'),
  '$.campaign.events', (SELECT count(*) FROM campaign_events AS e WHERE e.campaign_key = campaigns.campaign_key),
  '$.campaign.firstAt',
  (SELECT min(CAST(e.entry ->> 'at' AS INTEGER)) FROM campaign_events AS e WHERE e.campaign_key = campaigns.campaign_key)
);

UPDATE campaigns
SET state = json_set(
  state,
  '$.campaign.lastChange', json((
    SELECT e.entry FROM campaign_events AS e
    WHERE e.campaign_key = campaigns.campaign_key AND e.is_change = 1 ORDER BY e.event_key DESC LIMIT 1
  )),
  '$.campaign.changes', json((
    SELECT json_group_object(change, json_object('count', n, 'at', at, 'receivedAt', received_at))
    FROM (
      SELECT e.entry ->> 'change' AS change, count(*) AS n, max(e.entry ->> 'at') AS at,
             max(e.entry ->> 'receivedAt') AS received_at
      FROM campaign_events AS e
      WHERE e.campaign_key = campaigns.campaign_key AND e.is_change = 1 GROUP BY 1
    )
  )),
  '$.campaign.newestDay', json((
    SELECT json_object('day', day, 'changes', n)
    FROM (
      SELECT (e.entry ->> 'receivedAt') / 86400000 AS day, count(*) AS n
      FROM campaign_events AS e
      WHERE e.campaign_key = campaigns.campaign_key AND e.is_change = 1 GROUP BY 1 ORDER BY 1 DESC LIMIT 1
    )
  ))
)
WHERE campaign_key IN (SELECT campaign_key FROM campaign_events WHERE is_change = 1);

UPDATE campaigns
SET state = json_set(state, '$.campaign.startedAt', started.at)
FROM (
  SELECT campaign_key, min(entry ->> 'at') AS at
  FROM campaign_events WHERE is_change = 1 AND entry ->> 'change' = 'started' GROUP BY 1
) AS started
WHERE started.campaign_key = campaigns.campaign_key;

UPDATE campaigns
SET state = json_set(state, '$.campaign.faults', json(met.faults))
FROM (
  SELECT campaign_key, json_group_object(code, at) AS faults
  FROM (
    SELECT campaign_key, entry ->> 'code' AS code, max(entry ->> 'at') AS at
    FROM campaign_events WHERE entry ->> 'type' = 'fault' GROUP BY 1, 2
  )
  GROUP BY 1
) AS met
WHERE met.campaign_key = campaigns.campaign_key;

-- A campaign was running from its start on. What switched it off and on is counted in the minutes where it did.
CREATE TEMP TABLE switches AS
SELECT campaign_key, (at - ms) / 60000 AS minute, sum(runs) AS ons, sum(runs * ms) AS on_ms,
       sum(1 - runs) AS offs, sum((1 - runs) * ms) AS off_ms
FROM (
  SELECT campaign_key, CAST(entry ->> 'at' AS INTEGER) AS at, ((entry ->> 'at') % 60000 + 60000) % 60000 AS ms, entry ->> 'change' IN ('started', 'resumed') AS runs,
         lag(entry ->> 'change' IN ('started', 'resumed'), 1, 1)
           OVER (PARTITION BY campaign_key ORDER BY event_key) AS ran
  FROM campaign_events WHERE is_change = 1
)
WHERE runs <> ran
GROUP BY 1, 2;

INSERT INTO buckets (campaign_key, minute, counts)
SELECT campaign_key, minute,
       '[' || substr(
         iif(ons > 0, ',["on",' || ons || ']', '') || iif(on_ms > 0, ',["on.ms",' || on_ms || ']', '') ||
         iif(offs > 0, ',["off",' || offs || ']', '') || iif(off_ms > 0, ',["off.ms",' || off_ms || ']', ''), 2
       ) || ']'
FROM switches
WHERE true
ON CONFLICT (campaign_key, minute)
DO UPDATE SET counts = iif(counts = '[]', excluded.counts, rtrim(counts, ']') || '],' || substr(excluded.counts, 2));

INSERT INTO rollups (campaign_key, totals, included)
SELECT campaign_key, '[["switches",' || sum(ons + offs) || ']]', 0 FROM switches WHERE true GROUP BY campaign_key
ON CONFLICT (campaign_key)
DO UPDATE SET totals = iif(totals = '[]', excluded.totals, rtrim(totals, ']') || '],' || substr(excluded.totals, 2));

DROP TABLE switches;
