UPDATE rollups
SET deleted_before = $2
WHERE campaign_key = $1
