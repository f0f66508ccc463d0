-- Those of some minutes, or all where $2 is NULL.
SELECT minute, counts
FROM base_buckets
WHERE campaign_key = $1 AND ($2::bigint[] IS NULL OR minute = ANY ($2::bigint[]))
