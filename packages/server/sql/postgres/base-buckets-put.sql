INSERT INTO base_buckets (campaign_key, minute, counts)
SELECT $1, minute, counts
FROM unnest($2::bigint[], $3::text[]) AS changed (minute, counts)
ON CONFLICT (campaign_key, minute) DO UPDATE SET counts = excluded.counts
