SELECT count(*) AS count
FROM (SELECT 1 FROM call_events WHERE campaign_key = ?1 LIMIT ?2)
