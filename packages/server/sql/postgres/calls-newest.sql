-- The feed: newest end first, from the index. A live call has the greatest end_key.
SELECT call_row, contact_key, seqs, record
FROM calls
WHERE campaign_key = $1 AND end_key < 9007199254740991
ORDER BY end_key DESC, id DESC
LIMIT $2
