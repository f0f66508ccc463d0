UPDATE rollups
SET version = $2, record_version = $3, first_at = $4, last_at = $5, first_call_at = $6, totals = $7
WHERE campaign_key = $1
