-- Calls of a campaign in the order of their rows.
SELECT call_row, contact_key, seqs, record
FROM calls
WHERE campaign_key = $1 AND call_row > $2
ORDER BY call_row
LIMIT $3
