DELETE FROM buckets
WHERE campaign_key = ?1 AND minute = ?2
