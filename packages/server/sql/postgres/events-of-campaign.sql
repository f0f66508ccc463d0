SELECT seq, delivery
FROM call_events
WHERE campaign_key = $1 AND seq > $2
ORDER BY seq
LIMIT $3
