-- The deliveries of one call; ?2 is a JSON array of their numbers.
SELECT seq, received_at, delivery, raw
FROM call_events
WHERE campaign_key = ?1 AND seq IN (SELECT value FROM json_each(?2))
ORDER BY seq
