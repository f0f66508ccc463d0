-- Live calls that were placed before a moment, oldest first, from the index of live calls alone.
SELECT id, campaign_key, coalesce(started_at, last_at) AS started_at
FROM calls
WHERE ended_at IS NULL AND contact_key IS NOT NULL
  AND coalesce(started_at, last_at) >= ?1 AND coalesce(started_at, last_at) < ?3
  AND (coalesce(started_at, last_at), id) > (?1, ?2)
ORDER BY coalesce(started_at, last_at), id
