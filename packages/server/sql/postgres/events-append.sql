INSERT INTO call_events (campaign_key, seq, received_at, delivery, raw)
SELECT $1, seq, received_at, delivery, raw
FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[]) AS added (seq, received_at, delivery, raw)
