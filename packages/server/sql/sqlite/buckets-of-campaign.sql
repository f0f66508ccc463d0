SELECT minute, counts
FROM buckets
WHERE campaign_key = ?1
