-- Calls that were never placed and of which nothing was heard since a moment; hardly any.
SELECT id, call_row AS row
FROM calls
WHERE campaign_key = $1 AND contact_key IS NULL AND last_at <= $3 AND id > $2
ORDER BY id
LIMIT $4
