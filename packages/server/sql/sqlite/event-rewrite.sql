UPDATE call_events
SET delivery = ?3, raw = NULL
WHERE campaign_key = ?1 AND seq = ?2
