-- Live calls of all campaigns that were placed before a moment, oldest first, from the index of live calls alone.
SELECT campaign_key, call_row, coalesce(started_at, last_at) AS started_at
FROM calls
WHERE ended_at IS NULL AND contact_key IS NOT NULL
  AND coalesce(started_at, last_at) >= $1 AND coalesce(started_at, last_at) < $4
  AND (coalesce(started_at, last_at), campaign_key, call_row) > ($1, $2, $3)
ORDER BY coalesce(started_at, last_at), campaign_key, call_row
LIMIT $5
