DELETE FROM call_events
WHERE campaign_key = $1 AND seq = ANY ($2::bigint[])
