-- Deliveries about the campaign itself: they are few, and the only ones whose text is an object.
SELECT seq, delivery
FROM call_events
WHERE campaign_key = ?1 AND seq > ?2 AND delivery LIKE '{%'
ORDER BY seq
LIMIT ?3
