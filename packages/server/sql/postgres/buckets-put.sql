INSERT INTO buckets (campaign_key, version, minute, counts)
SELECT $1, $2, minute, counts
FROM unnest($3::bigint[], $4::text[]) AS changed (minute, counts)
ON CONFLICT (campaign_key, minute) DO UPDATE SET version = excluded.version, counts = excluded.counts
