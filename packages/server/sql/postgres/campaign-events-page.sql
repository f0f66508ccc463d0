-- The newest events up to a key, the newest first.
SELECT event_key, entry
FROM campaign_events
WHERE campaign_key = $1 AND event_key <= $2
ORDER BY event_key DESC
LIMIT $3
