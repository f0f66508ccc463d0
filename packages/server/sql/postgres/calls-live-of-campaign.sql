-- The live calls of one campaign, oldest first, from the index of ends: a live call has the greatest end_key.
SELECT call_row, contact_key, started_at
FROM calls
WHERE campaign_key = $1 AND end_key = 9007199254740991 AND contact_key IS NOT NULL AND started_at IS NOT NULL
ORDER BY started_at
LIMIT $2
