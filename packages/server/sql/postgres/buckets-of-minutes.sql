SELECT minute, counts
FROM buckets
WHERE campaign_key = $1 AND minute = ANY ($2::bigint[])
