-- What was said of a campaign itself, a row each; in its record stands only what follows from it.

-- Keys sort as events do: by time, by rank, by hash. The entry is the delivery as JSON.
CREATE TABLE campaign_events (
  campaign_key text COLLATE "C" NOT NULL,
  event_key    text COLLATE "C" NOT NULL,
  is_change    bigint NOT NULL,
  entry        text NOT NULL,
  PRIMARY KEY (campaign_key, event_key)
);
-- Each change switches the campaign on or off after the one before it: they are found beside each other.
CREATE INDEX campaign_events_changes ON campaign_events (campaign_key, event_key) WHERE is_change = 1;

INSERT INTO campaign_events (campaign_key, event_key, is_change, entry)
SELECT campaign_key,
       CASE WHEN (event ->> 'at')::bigint < 0 THEN '-' || (100000000000000 + (event ->> 'at')::bigint)
            ELSE lpad(event ->> 'at', 15, '0') END || CASE event ->> 'change'
         WHEN 'started' THEN 1 WHEN 'resumed' THEN 2 WHEN 'paused' THEN 3
         WHEN 'failed' THEN 4 WHEN 'completed' THEN 5 WHEN 'cancelled' THEN 6 ELSE 0 END || (event ->> 'hash'),
       CASE event ->> 'type' WHEN 'change' THEN 1 ELSE 0 END,
       event::text
FROM campaigns, jsonb_array_elements(record::jsonb -> 'history') AS event;

-- Each row is made from itself alone: so it works where the rows of a table lie on many machines.
UPDATE campaigns
SET record = ((record::jsonb - 'history') || (
  SELECT jsonb_build_object('events', count(*), 'firstAt', min((event ->> 'at')::bigint))
  FROM jsonb_array_elements(record::jsonb -> 'history') AS event
) || (
  SELECT CASE WHEN count(*) = 0 THEN '{}' ELSE jsonb_build_object(
    'lastChange', (array_agg(event ORDER BY at DESC, rank DESC, event ->> 'hash' COLLATE "C" DESC))[1],
    'changes', (
      SELECT jsonb_object_agg(kind, jsonb_build_object('count', n, 'at', last_at, 'receivedAt', received_at))
      FROM (
        SELECT e ->> 'change' AS kind, count(*) AS n, max((e ->> 'at')::bigint) AS last_at,
               max((e ->> 'receivedAt')::bigint) AS received_at
        FROM jsonb_array_elements(record::jsonb -> 'history') AS e
        WHERE e ->> 'type' = 'change' GROUP BY 1
      ) AS kinds
    ),
    'newestDay', jsonb_build_object('day', max(day), 'changes', (
      SELECT count(*) FROM jsonb_array_elements(record::jsonb -> 'history') AS e
      WHERE e ->> 'type' = 'change' AND (e ->> 'receivedAt')::bigint / 86400000 = (
        SELECT max((other ->> 'receivedAt')::bigint / 86400000)
        FROM jsonb_array_elements(record::jsonb -> 'history') AS other WHERE other ->> 'type' = 'change'
      )
    ))
  ) END
  FROM (
    SELECT event, (event ->> 'at')::bigint AS at, (event ->> 'receivedAt')::bigint / 86400000 AS day,
           array_position(ARRAY['started', 'resumed', 'paused', 'failed', 'completed', 'cancelled'], event ->> 'change') AS rank
    FROM jsonb_array_elements(record::jsonb -> 'history') AS event
    WHERE event ->> 'type' = 'change'
  ) AS changes
) || (
  SELECT CASE WHEN count(*) = 0 THEN '{}' ELSE jsonb_build_object('startedAt', min((event ->> 'at')::bigint)) END
  FROM jsonb_array_elements(record::jsonb -> 'history') AS event
  WHERE event ->> 'change' = 'started'
) || (
  SELECT CASE WHEN count(*) = 0 THEN '{}' ELSE jsonb_build_object('faults', jsonb_object_agg(code, at)) END
  FROM (
    SELECT event ->> 'code' AS code, max((event ->> 'at')::bigint) AS at
    FROM jsonb_array_elements(record::jsonb -> 'history') AS event
    WHERE event ->> 'type' = 'fault' GROUP BY 1
  ) AS met
))::text;

-- A campaign was running from its start on. What switched it off and on is counted in the minutes where it did.
CREATE TEMP TABLE switches ON COMMIT DROP AS
SELECT campaign_key, (at - ms) / 60000 AS minute, sum(runs) AS ons, sum(runs * ms) AS on_ms,
       sum(1 - runs) AS offs, sum((1 - runs) * ms) AS off_ms
FROM (
  SELECT campaign_key, at, (at % 60000 + 60000) % 60000 AS ms, runs, lag(runs, 1, 1) OVER (PARTITION BY campaign_key ORDER BY event_key) AS ran
  FROM (
    SELECT campaign_key, event_key, (entry::jsonb ->> 'at')::bigint AS at,
           CASE WHEN entry::jsonb ->> 'change' IN ('started', 'resumed') THEN 1 ELSE 0 END AS runs
    FROM campaign_events WHERE is_change = 1
  ) AS changes
) AS neighbours
WHERE runs <> ran
GROUP BY 1, 2;

INSERT INTO buckets (campaign_key, minute, version, counts)
SELECT campaign_key, minute, version,
       '[' || concat_ws(',',
         '["on",' || nullif(ons, 0) || ']', '["on.ms",' || nullif(on_ms, 0) || ']',
         '["off",' || nullif(offs, 0) || ']', '["off.ms",' || nullif(off_ms, 0) || ']') || ']'
FROM switches JOIN rollups USING (campaign_key)
ON CONFLICT (campaign_key, minute)
DO UPDATE SET counts = CASE WHEN buckets.counts = '[]' THEN excluded.counts
  ELSE rtrim(buckets.counts, ']') || '],' || substr(excluded.counts, 2) END;

UPDATE rollups
SET totals = CASE WHEN totals = '[]' THEN '[' ELSE rtrim(totals, ']') || '],' END || '["switches",' || n || ']]'
FROM (SELECT campaign_key, sum(ons + offs) AS n FROM switches GROUP BY 1) AS sums
WHERE sums.campaign_key = rollups.campaign_key;
