UPDATE call_events
SET delivery = changed.delivery, raw = NULL
FROM unnest($2::bigint[], $3::text[]) AS changed (seq, delivery)
WHERE campaign_key = $1 AND call_events.seq = changed.seq
