-- The events themselves, and the changes before and after each, where they are stored.
SELECT wanted.key, found.event_key
FROM unnest($2::text[]) AS wanted (key)
CROSS JOIN LATERAL (
  (SELECT event_key FROM campaign_events WHERE campaign_key = $1 AND event_key = wanted.key)
  UNION ALL
  (SELECT event_key FROM campaign_events
   WHERE campaign_key = $1 AND event_key < wanted.key AND is_change = 1
   ORDER BY event_key DESC LIMIT 1)
  UNION ALL
  (SELECT event_key FROM campaign_events
   WHERE campaign_key = $1 AND event_key > wanted.key AND is_change = 1
   ORDER BY event_key LIMIT 1)
) AS found
