-- The event itself, and the changes before and after it, where they are stored.
SELECT event_key FROM campaign_events WHERE campaign_key = ?1 AND event_key = ?2
UNION ALL
SELECT max(event_key) FROM campaign_events WHERE campaign_key = ?1 AND event_key < ?2 AND is_change = 1
UNION ALL
SELECT min(event_key) FROM campaign_events WHERE campaign_key = ?1 AND event_key > ?2 AND is_change = 1
