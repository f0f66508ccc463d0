-- The deliveries of one call.
SELECT seq, received_at, delivery, raw
FROM call_events
WHERE campaign_key = $1 AND seq = ANY ($2::bigint[])
ORDER BY seq
