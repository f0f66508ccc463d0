INSERT INTO campaign_events (campaign_key, event_key, is_change, entry)
SELECT $1, event_key, is_change, entry
FROM unnest($2::text[], $3::bigint[], $4::text[]) AS added (event_key, is_change, entry)
