-- Calls that ended up to a moment, oldest end first, after a place; read from the index of ends.
SELECT id, end_key AS end, call_row AS row
FROM calls
WHERE campaign_key = $1 AND (end_key, id) > ($2, $3) AND end_key <= $4
ORDER BY end_key, id
LIMIT $5
